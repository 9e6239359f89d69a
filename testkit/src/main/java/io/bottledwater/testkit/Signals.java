package io.bottledwater.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

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

  /**
   * Whether SIGINT does nothing to processes started from here: a shell without job control starts
   * what runs in the background that way, children inherit it, and a JVM leaves it so.
   */
  public static boolean isInterruptIgnored() {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    try {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("SigIgn:")) {
          return (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 0b10) != 0;
        }
      }
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
