package io.bottledwater.cli;

import io.bottledwater.error.ExitCode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns SIGTERM and SIGINT into an orderly end: runs what the command registered, waits until the
 * command has returned, ends the process with its exit code. Without this the JVM would end with
 * 143 while the command is still at work. Thread-safe.
 */
public final class StopSignal {
  private static final long MOST_SECONDS = 60;

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Deque<Runnable> actions = new ArrayDeque<>();
  private boolean stopping;
  private volatile int exitCode = ExitCode.OK;

  /**
   * Registers what makes the command return; the last one registered runs first. Runs at once when
   * the signal has already come. The action must not wait for the command.
   */
  public void onStop(Runnable action) {
    synchronized (actions) {
      if (!stopping) {
        actions.push(action);
        return;
      }
    }
    action.run();
  }

  void install() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop-signal"));
  }

  /** The command has returned: what remains is to end the process. */
  void ended(int code) {
    exitCode = code;
    ended.countDown();
  }

  /**
   * Runs what was registered, without waiting for the command.
   *
   * @return whether that succeeded
   */
  boolean request() {
    return runAll(begin());
  }

  private Deque<Runnable> begin() {
    synchronized (actions) {
      stopping = true;
      return new ArrayDeque<>(actions);
    }
  }

  private void stop() {
    if (ended.getCount() == 0) {
      return;
    }
    Deque<Runnable> toRun = begin();
    boolean orderly = toRun.isEmpty() || (runAll(toRun) && awaitEnd());
    System.out.flush();
    System.err.flush();
    // Inside a shutdown hook, halt is the only way to choose the exit code.
    Runtime.getRuntime().halt(orderly ? exitCode : ExitCode.BUG);
  }

  private static boolean runAll(Deque<Runnable> toRun) {
    boolean succeeded = true;
    for (Runnable action : toRun) {
      try {
        action.run();
      } catch (RuntimeException e) {
        succeeded = false;
        e.printStackTrace();
      }
    }
    return succeeded;
  }

  private boolean awaitEnd() {
    try {
      if (ended.await(MOST_SECONDS, TimeUnit.SECONDS)) {
        return true;
      }
      System.err.println("bottledwater: did not stop within " + MOST_SECONDS + " seconds.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }
}
