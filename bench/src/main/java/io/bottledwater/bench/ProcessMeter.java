package io.bottledwater.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
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

  private final Path directory;

  ProcessMeter(long pid) {
    this.directory = Path.of("/proc", Long.toString(pid));
  }

  /** User and system time of all threads. */
  double cpuSeconds() {
    String stat = read("stat");
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) / TICKS_PER_SECOND;
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
