package io.bottledwater.pump;

import io.bottledwater.encode.TextFormNeededException;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.source.catalog.PostgresConnector;
import io.bottledwater.source.catalog.PostgresErrors;
import io.bottledwater.source.stream.CatchUp;
import io.bottledwater.source.stream.PluginOptions;
import io.bottledwater.source.stream.ReplicationStream;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses where changes come from: a backlog from PostgreSQL's decoding functions, which cost less,
 * all else from the replication stream. Each source starts at P, where the one before has ended, so
 * that there is neither gap nor repetition. One thread.
 */
final class SourceSwitch {
  private static final Logger log = LoggerFactory.getLogger(SourceSwitch.class);
  private static final long QUEUE_BYTES = 16L * 1024 * 1024;

  private final PostgresConnector connector;
  private final String slot;
  private final PluginOptions options;
  private final LongSupplier flushLsn;
  private final Backlog backlog;

  /**
   * @param flushLsn what may be confirmed
   */
  SourceSwitch(
      PostgresConnector connector,
      String slot,
      PluginOptions options,
      LongSupplier flushLsn,
      Backlog backlog) {
    this.connector = connector;
    this.slot = slot;
    this.options = options;
    this.flushLsn = flushLsn;
    this.backlog = backlog;
  }

  /**
   * Runs until {@code stop} is set.
   *
   * @throws TextFormNeededException when it cannot go on with binary values
   */
  void run(StreamPhase phase, AtomicBoolean stop) throws SQLException, InterruptedException {
    try {
      alternate(phase, stop);
    } catch (BottledWaterException e) {
      if (options.binary() && PostgresErrors.isWithoutBinaryForm(e)) {
        throw new TextFormNeededException("the server has no binary form of one of its types");
      }
      throw e;
    }
  }

  private void alternate(StreamPhase phase, AtomicBoolean stop)
      throws SQLException, InterruptedException {
    while (!stop.get()) {
      if (backlog.isLarge(phase.endLsn())) {
        catchUp(phase);
      }
      if (!stop.get()) {
        stream(phase);
      }
    }
  }

  private void catchUp(StreamPhase phase) throws InterruptedException {
    try (CatchUp source =
        CatchUp.start(connector, slot, options, phase.endLsn(), flushLsn, QUEUE_BYTES)) {
      if (source == null) {
        backlog.giveUp();
        return;
      }
      log.info("Catching up from {}.", Lsn.format(phase.endLsn()));
      phase.run(source, () -> false);
      if (!source.isEnded()) {
        return;
      }
      source.confirm();
      switch (source.outcome()) {
        case CAUGHT_UP -> {}
        case LEFT -> {
          backlog.leave(source.leftAtLsn());
          log.info(
              "From {} on changes come through the stream, because {}.",
              Lsn.format(phase.endLsn()),
              source.leftBecause());
        }
        case UNAVAILABLE -> backlog.giveUp();
      }
    }
  }

  private void stream(StreamPhase phase) throws InterruptedException {
    try (ReplicationStream stream =
        ReplicationStream.start(connector, slot, options, phase.endLsn(), flushLsn, QUEUE_BYTES)) {
      log.info("Streaming from {}.", Lsn.format(phase.endLsn()));
      phase.run(stream, () -> hasBecomeLarge(phase));
    }
  }

  private boolean hasBecomeLarge(StreamPhase phase) {
    try {
      return backlog.hasBecomeLarge(phase.endLsn());
    } catch (SQLException e) {
      throw PostgresErrors.translate(e, "looking at the backlog", connector.address());
    }
  }
}
