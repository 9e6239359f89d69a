package io.bottledwater.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals for processes that need not be our children, such as a WAL sender. */
public final class Signals {
  private Signals() {}

  /**
   * @param name without SIG: {@code STOP}, {@code CONT}, {@code KILL}
   */
  public static void send(long pid, String name) {
    try {
      int code =
          new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + pid)
              .inheritIO()
              .start()
              .waitFor();
      if (code != 0) {
        throw new IllegalStateException("kill -" + name + " " + pid + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
