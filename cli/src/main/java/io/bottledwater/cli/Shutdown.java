package io.bottledwater.cli;

import io.bottledwater.error.ExitCode;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Turns SIGTERM and SIGINT into a clean end with exit code 0: the running command is asked to stop
 * and given time to do it. Thread safe.
 */
final class Shutdown {
  private static final long PATIENCE_SECONDS = 20;

  private static final CountDownLatch completed = new CountDownLatch(1);
  private static volatile int exitCode = ExitCode.OK;
  private static volatile @Nullable Runnable stop;

  private Shutdown() {}

  static void install() {
    Runtime.getRuntime().addShutdownHook(new Thread(Shutdown::onShutdown, "bw-shutdown"));
  }

  /** What to do when the process is asked to end. It must return soon; the command then ends. */
  static void onSignal(Runnable action) {
    stop = action;
  }

  /** The command has ended. */
  static void complete(int code) {
    exitCode = code;
    completed.countDown();
  }

  private static void onShutdown() {
    if (completed.getCount() == 0) {
      return;
    }
    Runnable action = stop;
    if (action == null) {
      // Nothing that would need an orderly end is running yet.
      Runtime.getRuntime().halt(ExitCode.OK);
      return;
    }
    action.run();
    try {
      if (!completed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println(
            "bottledwater: did not stop within " + PATIENCE_SECONDS + " seconds; ended.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // Otherwise the exit code would be the signal's.
    Runtime.getRuntime().halt(exitCode);
  }
}
