package io.bottledwater.pump;

import io.bottledwater.ack.InFlightTransactions;
import io.bottledwater.encode.ChangeEncoder;
import io.bottledwater.encode.EncoderSettings;
import io.bottledwater.encode.RecordStyle;
import io.bottledwater.encode.TopicVersions;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.failpoint.Failpoint;
import io.bottledwater.postgres.Identifiers;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.postgres.PgSnapshot;
import io.bottledwater.postgres.Relation;
import io.bottledwater.sink.Sink;
import io.bottledwater.sink.SinkWriter;
import io.bottledwater.sink.StateEntry;
import io.bottledwater.source.catalog.Catalog;
import io.bottledwater.source.catalog.CatalogRelationResolver;
import io.bottledwater.source.catalog.PostgresConnector;
import io.bottledwater.source.catalog.PostgresErrors;
import io.bottledwater.source.catalog.ServerInfo;
import io.bottledwater.source.catalog.SlotInfo;
import io.bottledwater.source.catalog.TableInfo;
import io.bottledwater.source.snapshot.ExportedSnapshot;
import io.bottledwater.source.snapshot.SnapshotProgress;
import io.bottledwater.source.snapshot.TableLocks;
import io.bottledwater.source.stream.PluginOptions;
import io.bottledwater.source.stream.SlotCreator;
import io.bottledwater.source.stream.SlotLease;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt to run, from connecting to the first failure: check, recover, snapshot if there is
 * still one to take, stream. Whatever goes wrong ends the session; the next one starts from what
 * the sink holds. One thread.
 */
final class PumpSession {
  private static final long VISIBLE_MILLIS = 200;

  // The plugin's option for binary values.
  private static final int VERSION_14 = 140000;
  private static final Logger log = LoggerFactory.getLogger(PumpSession.class);

  private final PumpSettings settings;
  private final PostgresConnector connector;
  private final PumpListener listener;
  private final PumpStatistics statistics;
  private final AtomicBoolean stop;
  private final Catalog catalog;
  private final ServerInfo server;
  private final Sink sink;
  private final SlotLease lease;
  private final RecordStyle style;
  private final boolean binary;

  private PumpSession(
      PumpSettings settings,
      boolean binary,
      PostgresConnector connector,
      PumpListener listener,
      PumpStatistics statistics,
      AtomicBoolean stop,
      Catalog catalog,
      ServerInfo server,
      RecordStyle style,
      SlotLease lease,
      Sink sink) {
    this.lease = lease;
    this.binary = binary;
    this.settings = settings;
    this.connector = connector;
    this.listener = listener;
    this.statistics = statistics;
    this.stop = stop;
    this.catalog = catalog;
    this.server = server;
    this.sink = sink;
    this.style = style;
  }

  /**
   * Runs until {@code stop} is set or something fails.
   *
   * @param binary whether the stream's values may come in binary form
   * @throws io.bottledwater.encode.TextFormNeededException when they may not after all
   */
  static void run(
      PumpSettings settings,
      boolean binary,
      PostgresConnector connector,
      SinkFactory sinks,
      PumpListener listener,
      PumpStatistics statistics,
      AtomicBoolean stop)
      throws InterruptedException {
    try (Catalog catalog = new Catalog(connector.open())) {
      ServerInfo server = catalog.serverInfo();
      Preflight.checkServer(server, connector.address());
      List<TableInfo> selected = Preflight.selectTables(catalog, settings);
      Preflight.checkTables(selected, server, settings);
      Preflight.checkRules(selected, catalog, settings);
      Preflight.checkRoutes(selected, catalog, settings);
      RecordStyle style =
          settings
              .styles()
              .style(
                  new RecordStyle.Origin(
                      server.database(), settings.topicPrefix(), server.timeZone()));
      Preflight.checkTopics(selected, style.topics(), settings);
      try (SlotLease lease = awaitLease(settings, connector, listener, statistics, stop)) {
        if (lease == null) {
          return;
        }
        try (Sink sink = sinks.open()) {
          new PumpSession(
                  settings,
                  binary,
                  connector,
                  listener,
                  statistics,
                  stop,
                  catalog,
                  server,
                  style,
                  lease,
                  sink)
              .run(selected);
        } catch (BottledWaterException e) {
          throw e.code() == ErrorCode.FENCED && lease.isHeld() ? timedOut(e) : e;
        }
      }
    } catch (SQLException e) {
      throw PostgresErrors.translate(e, "reading the catalog", connector.address());
    }
  }

  // With the lease in hand nobody else has fenced this pump: Kafka itself ended a transaction that
  // took too long. The next session finds out what became of it.
  private static BottledWaterException timedOut(BottledWaterException e) {
    return new BottledWaterException(
        ErrorCode.KAFKA_UNREACHABLE, "Kafka ended a transaction that took too long.", e);
  }

  private static @Nullable SlotLease awaitLease(
      PumpSettings settings,
      PostgresConnector connector,
      PumpListener listener,
      PumpStatistics statistics,
      AtomicBoolean stop)
      throws InterruptedException {
    AtomicBoolean waiting = new AtomicBoolean();
    return SlotLease.acquire(
        connector,
        settings.slot(),
        () -> {
          // Waiting for another pump is what a standby is for; it does not count as failing.
          if (waiting.get()) {
            statistics.advanced();
          }
          return stop.get();
        },
        () -> {
          waiting.set(true);
          listener.standby();
        });
  }

  private EncoderSettings encoding(@Nullable TopicVersions versions) {
    return new EncoderSettings(
        style,
        settings.format(),
        settings.allowUnkeyed(),
        settings.columns(),
        settings.outbox(),
        versions);
  }

  private void run(List<TableInfo> selected) throws SQLException, InterruptedException {
    Map<String, StateEntry> state = sink.recover();
    TableLedger ledger = new TableLedger(state);
    StateEntry recorded = state.get(Position.KEY);
    Position position = recorded == null ? null : Position.of(recorded);
    SlotInfo slot = catalog.slot(settings.slot());
    new SlotChecks(settings, connector, catalog, server).check(slot, position, ledger);
    if (position != null) {
      position = position.onTimeline(server.timeline());
    }
    VersionEntries versions = VersionEntries.of(state, position != null, settings.newTopics());
    EncoderSettings encoding = encoding(versions.versions());
    // A slot that this run creates, or creates anew, knows the publications made just before.
    boolean slotKept = slot != null && ledger.status() != TableLedger.Status.INTENDED;
    Publications publications =
        Publications.ensure(
            catalog,
            settings.publication(),
            selected,
            slotKept,
            settings.allowUnkeyed(),
            settings.rowFilters());
    List<TableInfo> tables = publications.tables();
    Preflight.nameGeneratedColumns(tables, catalog);
    try (SinkWriter writer = sink.streamWriter()) {
      ToastReader toast = new ToastReader(catalog, connector.address(), stop);
      ChangeEncoder encoder =
          new ChangeEncoder(
              encoding,
              sink::ensureTopics,
              toast,
              new AlteredTypes(catalog, connector.address()),
              writer);
      boolean goesOn = slotKept && position != null;
      if (goesOn) {
        encoder.follow(relations(tables));
      } else {
        // Topics and schemas first: what they refuse must be known before a slot holds back WAL.
        encoder.prepare(relations(tables));
      }
      if (slot != null && ledger.status() == TableLedger.Status.INTENDED) {
        log.info("Slot {} was created but never used; it is created anew.", settings.slot());
        catalog.execute(
            "SELECT pg_drop_replication_slot(" + Identifiers.literal(settings.slot()) + ")");
        slot = null;
      }
      TableSnapshots snapshots =
          new TableSnapshots(
              connector,
              sink,
              encoding,
              publications.names(),
              listener,
              statistics,
              settings.snapshotThreads(),
              stop,
              lease::isLost);
      List<StateEntry> gaps =
          TableGaps.compare(
              catalog,
              publications.names(),
              selected,
              ledger,
              position == null ? Lsn.INVALID : position.endLsn());
      if (!gaps.isEmpty()) {
        commit(writer, ledger, gaps);
      }
      if (slot == null) {
        position = firstStart(tables, ledger, snapshots, versions, writer);
      } else if (position == null) {
        position = adopt(slot, tables, ledger, versions, writer);
      } else {
        finishInterrupted(position, tables, ledger, snapshots, writer);
      }
      if (stop.get()) {
        return;
      }
      try (SchemaCheck ahead =
          SchemaCheck.start(goesOn ? relations(tables) : List.of(), encoding)) {
        boolean inBinary = comesInBinary(tables, encoding);
        if (inBinary) {
          encoder.expectBinary();
        }
        stream(
            encoder, toast, writer, versions, position, publications, ledger, snapshots, inBinary);
      }
    }
  }

  private boolean comesInBinary(List<TableInfo> tables, EncoderSettings encoding) {
    if (!binary || server.version() < VERSION_14) {
      return false;
    }
    String reason = ChangeEncoder.needsText(relations(tables), encoding);
    if (reason != null) {
      log.info("Changes come with their values as text, because {}.", reason);
    }
    return reason == null;
  }

  private Position firstStart(
      List<TableInfo> tables,
      TableLedger ledger,
      TableSnapshots snapshots,
      VersionEntries versions,
      SinkWriter writer)
      throws SQLException, InterruptedException {
    List<StateEntry> intent = List.of(TableLedger.statusEntry(TableLedger.Status.INTENDED));
    commit(writer, ledger, versions.with(intent));
    if (settings.skipSnapshot()) {
      try (SlotCreator slot =
          SlotCreator.create(connector, settings.slot(), List.of(), stop::get)) {
        return skip(slot.consistentPoint(), tables, ledger, versions, writer);
      }
    }
    try (TableLocks locks = snapshots.lock(tables);
        SlotCreator slot = SlotCreator.create(connector, settings.slot(), locks.pids(), stop::get);
        ExportedSnapshot snapshot = ExportedSnapshot.importing(connector, slot.snapshotName())) {
      Failpoint.SLOT_CREATED.pass();
      long start = slot.consistentPoint();
      log.info("Created slot {} at {}.", settings.slot(), Lsn.format(start));
      Position position = newPosition(start);
      snapshots.take(
          tables,
          locks,
          snapshot,
          start,
          start,
          ledger,
          writer,
          List.of(position.toEntry(), TableLedger.statusEntry(TableLedger.Status.STARTED)),
          new SnapshotProgress(),
          TableSnapshots.WITHOUT_LIMIT);
      return position;
    }
  }

  private Position adopt(
      SlotInfo slot,
      List<TableInfo> tables,
      TableLedger ledger,
      VersionEntries versions,
      SinkWriter writer) {
    log.info(
        "Slot {} exists: streaming from {}, without a snapshot.",
        settings.slot(),
        Lsn.format(slot.confirmedFlushLsn()));
    return skip(slot.confirmedFlushLsn(), tables, ledger, versions, writer);
  }

  private Position skip(
      long start,
      List<TableInfo> tables,
      TableLedger ledger,
      VersionEntries versions,
      SinkWriter writer) {
    Position position = newPosition(start);
    List<StateEntry> entries = new ArrayList<>(TableSnapshots.withoutSnapshot(tables));
    entries.add(position.toEntry());
    entries.add(TableLedger.statusEntry(TableLedger.Status.SKIPPED));
    commit(writer, ledger, versions.with(entries));
    return position;
  }

  /**
   * Goes on with the first snapshot, if it was interrupted. Once the stream has begun, what is left
   * is read like new tables: a later snapshot must see all that the stream has brought of them.
   */
  private void finishInterrupted(
      Position position,
      List<TableInfo> tables,
      TableLedger ledger,
      TableSnapshots snapshots,
      SinkWriter writer)
      throws SQLException, InterruptedException {
    List<TableInfo> interrupted = TableSnapshots.interrupted(tables, ledger);
    if (interrupted.isEmpty() || position.hasStreamed()) {
      return;
    }
    log.info("Going on with the snapshot that was interrupted.");
    awaitVisible(interrupted, ledger);
    try (TableLocks locks = snapshots.lock(interrupted);
        ExportedSnapshot snapshot = ExportedSnapshot.take(connector)) {
      snapshots.take(
          interrupted,
          locks,
          snapshot,
          position.endLsn(),
          snapshot.lsn(),
          ledger,
          writer,
          List.of(),
          new SnapshotProgress(),
          TableSnapshots.WITHOUT_LIMIT);
    }
  }

  // Once visible, always visible: the snapshot may be taken later.
  private void awaitVisible(List<TableInfo> interrupted, TableLedger ledger)
      throws SQLException, InterruptedException {
    boolean warned = false;
    while (!stop.get()) {
      PgSnapshot now = catalog.activity().currentSnapshot();
      if (interrupted.stream()
          .map(ledger::runningBasis)
          .allMatch(basis -> basis == null || now.covers(basis))) {
        return;
      }
      if (!warned) {
        log.warn(
            "The snapshot waits for transactions that it has seen and that are not visible yet: for"
                + " instance because a synchronous standby does not answer.");
        warned = true;
      }
      Thread.sleep(VISIBLE_MILLIS);
    }
  }

  private void stream(
      ChangeEncoder encoder,
      ToastReader toast,
      SinkWriter writer,
      VersionEntries versions,
      Position position,
      Publications publications,
      TableLedger ledger,
      TableSnapshots snapshots,
      boolean inBinary)
      throws SQLException, InterruptedException {
    SnapshotRequest.listen(catalog);
    InFlightTransactions inFlight = new InFlightTransactions(position.endLsn());
    EarlyChanges early = new EarlyChanges();
    StreamGate gate = new StreamGate(settings.tables(), ledger, early);
    NewTables newTables =
        new NewTables(
            settings,
            publications,
            connector,
            catalog,
            ledger,
            snapshots,
            tables -> encoder.prepare(relations(tables)),
            early,
            stop);
    statistics.streaming(catalog.activity().walEnd());
    listener.streaming(position.endLsn());
    StreamPhase phase =
        new StreamPhase(
            encoder,
            writer,
            versions,
            inFlight,
            position,
            statistics,
            stop,
            gate,
            settings.messages() == null ? prefix -> false : settings.messages(),
            housekeeping(newTables, writer),
            new CatalogRelationResolver(catalog, connector.address()),
            toast);
    new SourceSwitch(
            connector,
            settings.slot(),
            new PluginOptions(publications.names(), settings.messages() != null, inBinary),
            inFlight::flushLsn,
            new Backlog(catalog, settings.slot(), settings.catchUp()))
        .run(phase, stop);
  }

  private StreamPhase.Housekeeping housekeeping(NewTables newTables, SinkWriter writer) {
    return new StreamPhase.Housekeeping() {
      @Override
      public long dueInMillis(boolean drained) {
        return lease.isLost() ? 0 : newTables.dueInMillis(System.nanoTime(), drained);
      }

      @Override
      public boolean run(boolean force, long reachedLsn) throws InterruptedException {
        if (lease.isLost()) {
          throw leaseLost();
        }
        try {
          return newTables.look(writer, force, reachedLsn);
        } catch (SQLException e) {
          throw PostgresErrors.translate(e, "looking for new tables", connector.address());
        }
      }

      @Override
      public void beforeCommit() {
        if (!writer.isFenced() && !lease.isSure()) {
          throw leaseLost();
        }
      }

      private BottledWaterException leaseLost() {
        return new BottledWaterException(
            ErrorCode.SLOT_IN_USE, "The lease of slot " + settings.slot() + " was lost.");
      }
    };
  }

  private static void commit(SinkWriter writer, TableLedger ledger, List<StateEntry> entries) {
    writer.commit(entries);
    ledger.committed(entries);
  }

  private Position newPosition(long lsn) {
    return new Position(
        server.systemIdentifier(),
        server.timeline(),
        server.database(),
        settings.slot(),
        lsn,
        Lsn.INVALID,
        0,
        0,
        Lsn.INVALID,
        0);
  }

  private static List<Relation> relations(List<TableInfo> tables) {
    return tables.stream().map(TableInfo::relation).toList();
  }
}
