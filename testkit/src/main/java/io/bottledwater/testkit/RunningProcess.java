package io.bottledwater.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A child process with its output; of each stream the last {@value #LINES_KEPT} lines are kept. Any
 * thread may call.
 */
public final class RunningProcess implements AutoCloseable {
  private static final int LINES_KEPT = 20_000;

  private final Process process;
  private final String name;
  private final Object lines = new Object();
  private final Deque<String> out = new ArrayDeque<>();
  private final Deque<String> err = new ArrayDeque<>();
  private final Thread outReader;
  private final Thread errReader;
  private final Thread hook;
  private int openStreams = 2;

  RunningProcess(Process process, String name) {
    this.process = process;
    this.name = name;
    this.outReader = reader(process.getInputStream(), out, "stdout");
    this.errReader = reader(process.getErrorStream(), err, "stderr");
    this.hook = new Thread(process::destroyForcibly, "kill-" + name);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** To the process's standard input. */
  public OutputStream input() {
    return process.getOutputStream();
  }

  /** Lines so far. */
  public List<String> stdout() {
    synchronized (lines) {
      return List.copyOf(out);
    }
  }

  /** Lines so far. */
  public List<String> stderr() {
    synchronized (lines) {
      return List.copyOf(err);
    }
  }

  /**
   * Waits for a line on either stream, also one written before the call, in which the pattern is
   * found.
   *
   * @return the match
   * @throws AssertionError with the output's end, when the process ends or the time does before
   */
  public Matcher awaitLine(Pattern pattern, Duration deadline) {
    long end = System.nanoTime() + deadline.toNanos();
    synchronized (lines) {
      while (true) {
        Matcher match = find(pattern, out);
        if (match == null) {
          match = find(pattern, err);
        }
        if (match != null) {
          return match;
        }
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0 || openStreams == 0) {
          throw new AssertionError(
              name
                  + (left <= 0 ? " did not print " : " ended without printing ")
                  + pattern
                  + "\n"
                  + tail());
        }
        waitForLines(left);
      }
    }
  }

  public Matcher awaitLine(String regex, Duration deadline) {
    return awaitLine(Pattern.compile(regex), deadline);
  }

  /**
   * Waits for the end of the process and of its output.
   *
   * @return the exit code; 128 + n after signal n
   */
  public int awaitExit(Duration deadline) {
    try {
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(name + " did not end\n" + tail());
      }
      outReader.join(deadline.toMillis());
      errReader.join(deadline.toMillis());
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /** SIGINT; SIGTERM where SIGINT would do nothing. */
  public void interrupt() {
    Signals.send(pid(), Signals.isInterruptIgnored() ? "TERM" : "INT");
  }

  /** SIGKILL; returns when the process has ended. */
  public void kill9() {
    process.destroyForcibly();
    awaitExit(Duration.ofSeconds(30));
  }

  /** SIGSTOP. */
  public void suspend() {
    Signals.send(pid(), "STOP");
  }

  /** SIGCONT. */
  public void resume() {
    Signals.send(pid(), "CONT");
  }

  /** Kills the process if it still runs. */
  @Override
  public void close() {
    if (process.isAlive()) {
      kill9();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // This process is ending: the hook has nothing left to kill.
    }
  }

  private Thread reader(InputStream stream, Deque<String> kept, String what) {
    Thread thread =
        new Thread(
            () -> {
              try (BufferedReader reader =
                  new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                  keep(kept, line);
                }
              } catch (IOException e) {
                // The stream breaks when the process is killed.
              } finally {
                streamEnded();
              }
            },
            name + "-" + what);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void keep(Deque<String> kept, String line) {
    synchronized (lines) {
      if (kept.size() == LINES_KEPT) {
        kept.removeFirst();
      }
      kept.addLast(line);
      lines.notifyAll();
    }
  }

  private void streamEnded() {
    synchronized (lines) {
      openStreams--;
      lines.notifyAll();
    }
  }

  private void waitForLines(long millis) {
    try {
      lines.wait(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static @Nullable Matcher find(Pattern pattern, Deque<String> kept) {
    for (String line : kept) {
      Matcher matcher = pattern.matcher(line);
      if (matcher.find()) {
        return matcher;
      }
    }
    return null;
  }

  private String tail() {
    synchronized (lines) {
      return "stdout: " + last(out) + "\nstderr: " + last(err);
    }
  }

  private static String last(Deque<String> kept) {
    List<String> all = List.copyOf(kept);
    return String.join("\n", all.subList(Math.max(0, all.size() - 40), all.size()));
  }
}
