package io.bottledwater.cli;

import io.bottledwater.pump.PumpListener;
import io.bottledwater.source.snapshot.SnapshotProgress;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows how the snapshot gets on: on a terminal as a bar that is drawn over itself, elsewhere as a
 * line in the log every few seconds.
 */
final class SnapshotProgressView implements PumpListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SnapshotProgressView.class);
  private static final long TERMINAL_MILLIS = 200;
  private static final long LOG_MILLIS = 5000;
  private static final int BAR_WIDTH = 30;

  private final Console console;
  private final boolean terminal;
  private @Nullable ScheduledExecutorService timer;

  SnapshotProgressView(Console console) {
    this.console = console;
    this.terminal = System.console() != null && !"dumb".equals(console.environment().get("TERM"));
  }

  @Override
  public void standby() {}

  @Override
  public void snapshotStarted(SnapshotProgress progress) {
    close();
    log.info("Snapshot of {} tables started.", progress.tables());
    ScheduledExecutorService started =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "bw-progress");
              thread.setDaemon(true);
              return thread;
            });
    long period = terminal ? TERMINAL_MILLIS : LOG_MILLIS;
    started.scheduleAtFixedRate(() -> show(progress), period, period, TimeUnit.MILLISECONDS);
    timer = started;
  }

  @Override
  public void snapshotFinished(SnapshotProgress progress) {
    close();
    double seconds = seconds(progress);
    log.info(
        "{}",
        String.format(
            Locale.ROOT,
            "Snapshot finished: %,d rows in %.1f s (%,.0f rows/s).",
            progress.rows(),
            seconds,
            progress.rows() / seconds));
  }

  @Override
  public void streaming(long fromLsn) {
    close();
  }

  private void show(SnapshotProgress progress) {
    String line = line(progress.rows(), progress.pages(), progress.totalPages(), seconds(progress));
    if (terminal) {
      console.err().print("\r" + bar(fraction(progress)) + " " + line + "\u001b[K");
      console.err().flush();
    } else {
      log.info("Snapshot: {}", line);
    }
  }

  private static double seconds(SnapshotProgress progress) {
    return Math.max(1e-3, (System.nanoTime() - progress.startedNanos()) / 1e9);
  }

  private static double fraction(SnapshotProgress progress) {
    return progress.totalPages() == 0
        ? 1
        : Math.min(1, (double) progress.pages() / progress.totalPages());
  }

  static String bar(double fraction) {
    int full = (int) (fraction * BAR_WIDTH);
    return "[" + "#".repeat(full) + " ".repeat(BAR_WIDTH - full) + "]";
  }

  static String line(long rows, long pages, long totalPages, double seconds) {
    double fraction = totalPages == 0 ? 1 : Math.min(1, (double) pages / totalPages);
    String left =
        fraction <= 0
            ? "time left unknown"
            : String.format(
                Locale.ROOT, "%.0f s left", Math.ceil(seconds * (1 - fraction) / fraction));
    return String.format(
        Locale.ROOT,
        "%,d rows, %,.0f rows/s, %.0f %%, %s",
        rows,
        rows / seconds,
        100 * fraction,
        left);
  }

  @Override
  public void close() {
    ScheduledExecutorService running = timer;
    if (running != null) {
      running.shutdownNow();
      timer = null;
      if (terminal) {
        console.err().print("\r\u001b[K");
        console.err().flush();
      }
    }
  }
}
