package io.bottledwater.pump;

import io.bottledwater.encode.TextFormNeededException;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.error.ExitCode;
import io.bottledwater.source.catalog.PostgresConnector;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs sessions one after another. A failure of an external system is retried with growing pauses
 * until the limit; a refusal or a bug ends the pump at once.
 */
public final class Pump {
  private static final Logger log = LoggerFactory.getLogger(Pump.class);
  private static final long FIRST_PAUSE_MILLIS = 250;
  private static final long LONGEST_PAUSE_MILLIS = 10_000;

  private final PumpSettings settings;
  private final PostgresConnector connector;
  private final SinkFactory sinks;
  private final PumpListener listener;
  private final PumpStatistics statistics = new PumpStatistics();
  private final AtomicBoolean stop = new AtomicBoolean();
  private final CountDownLatch stopRequested = new CountDownLatch(1);

  public Pump(
      PumpSettings settings,
      PostgresConnector connector,
      SinkFactory sinks,
      PumpListener listener) {
    this.settings = settings;
    this.connector = connector;
    this.sinks = sinks;
    this.listener = listener;
  }

  public PumpStatistics statistics() {
    return statistics;
  }

  /**
   * Pumps until {@link #stop()} is called.
   *
   * @throws BottledWaterException when it must not or cannot go on
   */
  public void run() throws InterruptedException {
    long pause = FIRST_PAUSE_MILLIS;
    long failingSince = 0;
    boolean failing = false;
    boolean binary = settings.binary();
    while (!stop.get()) {
      long progressBefore = statistics.progress();
      try {
        PumpSession.run(settings, binary, connector, sinks, listener, statistics, stop);
        return;
      } catch (BottledWaterException e) {
        if (stop.get()) {
          log.info("Stopped while {} was out of reach.", e.code().id());
          return;
        }
        if (e.code().exitCode() != ExitCode.GAVE_UP) {
          throw e;
        }
        long now = System.nanoTime();
        if (!failing || statistics.progress() != progressBefore) {
          pause = FIRST_PAUSE_MILLIS;
          failingSince = now;
          failing = true;
        }
        long leftMillis =
            settings.retryLimit().toMillis() - TimeUnit.NANOSECONDS.toMillis(now - failingSince);
        if (leftMillis <= 0) {
          throw e;
        }
        long wait = Math.min(pause, leftMillis);
        log.warn("{} Trying again in {} ms.", e.getMessage(), wait);
        if (stopRequested.await(wait, TimeUnit.MILLISECONDS)) {
          return;
        }
        pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
      } catch (TextFormNeededException e) {
        // Once is enough: a session in which nothing comes in binary does not ask for it.
        binary = false;
        log.info(
            "Changes come with their values as text from here on, because {}.", e.getMessage());
        // The server takes a moment to notice that the stream's reader has gone.
        if (stopRequested.await(FIRST_PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
      } catch (RuntimeException e) {
        throw new BottledWaterException(
            ErrorCode.BUG, "An unforeseen " + e.getClass().getSimpleName() + ".", e);
      }
    }
  }

  /** Asks the pump to end; {@link #run()} then returns soon. Callable from any thread. */
  public void stop() {
    stop.set(true);
    stopRequested.countDown();
  }
}
