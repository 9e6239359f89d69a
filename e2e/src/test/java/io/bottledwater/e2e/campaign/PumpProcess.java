package io.bottledwater.e2e.campaign;

import io.bottledwater.testkit.ProcessRunner;
import io.bottledwater.testkit.RunningProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** One pump as a process. One thread only. */
final class PumpProcess implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(180);

  private final RunningProcess process;

  private PumpProcess(RunningProcess process) {
    this.process = process;
  }

  /**
   * @param heap its limit, {@code 128m} for instance
   * @param failpoint {@code NAME:N}, or empty
   */
  static PumpProcess start(
      String mainClass, String heap, String failpoint, List<String> arguments) {
    List<String> jvm =
        new ArrayList<>(
            List.of("-Xmx" + heap, "-Xshare:auto", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    if (!failpoint.isEmpty()) {
      jvm.add("-Dbottledwater.failpoint=" + failpoint);
    }
    return new PumpProcess(
        ProcessRunner.java(mainClass)
            .jvmArguments(jvm.toArray(new String[0]))
            .arguments(arguments.toArray(new String[0]))
            .start());
  }

  void awaitStreaming() {
    process.awaitLine("Streaming from", PATIENCE);
  }

  void awaitLine(String regex) {
    process.awaitLine(regex, PATIENCE);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  void kill9() {
    process.kill9();
  }

  void suspend() {
    process.suspend();
  }

  void resume() {
    process.resume();
  }

  /** SIGTERM, and the exit code. */
  int stop() {
    process.terminate();
    return awaitExit();
  }

  int awaitExit() {
    return process.awaitExit(PATIENCE);
  }

  /** Both streams so far. */
  List<String> output() {
    List<String> lines = new ArrayList<>(process.stdout());
    lines.addAll(process.stderr());
    return lines;
  }

  boolean printed(String text) {
    return output().stream().anyMatch(line -> line.contains(text));
  }

  /** How many lines so far match. */
  long count(String regex) {
    Pattern pattern = Pattern.compile(regex);
    return output().stream().filter(line -> pattern.matcher(line).find()).count();
  }

  /** The output's end. */
  String tail() {
    List<String> lines = output();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
  }

  @Override
  public void close() {
    process.close();
  }
}
