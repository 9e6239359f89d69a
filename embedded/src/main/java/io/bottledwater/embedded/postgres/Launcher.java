package io.bottledwater.embedded.postgres;

import io.bottledwater.embedded.EmbeddedServerException;
import io.bottledwater.embedded.EmbeddedServerException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Starts child processes from one thread that lives as long as this process: Linux sends the
 * parent-death signal when the starting thread ends, not the process.
 */
final class Launcher {
  private static final ExecutorService THREAD =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "embedded-postgres-launcher");
            thread.setDaemon(true);
            return thread;
          });

  private Launcher() {}

  /**
   * @param directory where the process runs; its user must be able to enter it
   * @param log gets standard output and standard error, appended
   */
  static Process start(List<String> command, Path directory, Path log) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Map<String, String> environment = builder.environment();
    // libpq's and the server's variables are meant for the user's own servers.
    environment.keySet().removeIf(name -> name.startsWith("PG"));
    environment.keySet().removeIf(name -> name.startsWith("LC_"));
    environment.put("LC_ALL", "C");
    Future<Process> started = THREAD.submit(builder::start);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return started.get();
        } catch (InterruptedException e) {
          // Going away now would leave a process behind that nobody knows of.
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw new EmbeddedServerException(
          Reason.START, "The program " + command.get(0) + " cannot be run.", e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Sends a signal that Java has no method for, {@code INT} for instance. */
  static void signal(long pid, String name) {
    try {
      // The shell's own kill: not every small system has the program.
      new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + pid)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new EmbeddedServerException(Reason.STOP, "/bin/sh cannot be run.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
