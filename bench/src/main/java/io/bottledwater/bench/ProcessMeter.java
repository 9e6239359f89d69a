package io.bottledwater.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a process has used so far, from Linux's {@code /proc} (manual page proc(5)). */
final class ProcessMeter {
  // sysconf(_SC_CLK_TCK) has been 100 on every Linux architecture that runs Java for decades.
  private static final double TICKS_PER_SECOND = 100;

  // Of the fields behind the command's name: user time, system time.
  private static final int UTIME = 11;
  private static final int STIME = 12;

  // Of children that have ended and been waited for.
  private static final int CUTIME = 13;
  private static final int CSTIME = 14;
  private static final int PPID = 1;

  private static final Path PROC = Path.of("/proc");

  private static final int ATTEMPTS = 100;

  private final long pid;

  private final Path directory;

  ProcessMeter(long pid) {
    this.pid = pid;
    this.directory = Path.of("/proc", Long.toString(pid));
  }

  /** User and system time of all threads. */
  double cpuSeconds() {
    return sum(fields(read("stat")), UTIME, STIME);
  }

  /** The same, together with its children, those included that have ended. */
  double familyCpuSeconds() {
    for (int attempt = 1; ; attempt++) {
      double ended = sum(fields(read("stat")), CUTIME, CSTIME);
      double seconds = sum(fields(read("stat")), UTIME, STIME) + ended;
      try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
        for (Path process : processes) {
          String[] fields = fields(Files.readString(process.resolve("stat")));
          if (fields[PPID].equals(Long.toString(pid))) {
            seconds += sum(fields, UTIME, STIME);
          }
        }
        if (sum(fields(read("stat")), CUTIME, CSTIME) == ended) {
          return seconds;
        }
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          throw new UncheckedIOException(e);
        }
      }
      // A process has ended under our eyes, and may count for its parent now: look again.
    }
  }

  private static String[] fields(String stat) {
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
  }

  private static double sum(String[] fields, int... indexes) {
    long ticks = 0;
    for (int index : indexes) {
      ticks += Long.parseLong(fields[index]);
    }
    return ticks / TICKS_PER_SECOND;
  }

  /** Peak resident set, KB; 0 when the process has ended. */
  long peakResidentKilobytes() {
    List<String> lines = read("status").lines().toList();
    for (String line : lines) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    return 0;
  }

  private String read(String file) {
    try {
      return Files.readString(directory.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
