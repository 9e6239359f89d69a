package io.bottledwater.cli;

import io.bottledwater.testkit.ProcessRunner;
import io.bottledwater.testkit.RunningProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;

/** {@code bottledwater} as its users run it: a process of its own. */
final class BottledWaterProcess {
  /** Far beyond what anything takes, on a machine that does other things too. */
  static final Duration DEADLINE = Duration.ofSeconds(90);

  private BottledWaterProcess() {}

  static RunningProcess start(String... arguments) {
    return runner(arguments).start();
  }

  static ProcessRunner runner(String... arguments) {
    return ProcessRunner.java(Main.class)
        .jvmArguments("-Xmx320m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
        .arguments(arguments);
  }

  /** Starts a platform on any free ports and waits until it is ready. */
  static PlatformProcess platform(Path data) {
    RunningProcess process =
        start("platform", "--data=" + data, "--kafka=127.0.0.1:0", "--registry=127.0.0.1:0");
    try {
      Matcher ready =
          process.awaitLine("platform ready: Kafka ([^,]+), schema registry ([^,]+), ", DEADLINE);
      return new PlatformProcess(process, ready.group(1), ready.group(2));
    } catch (AssertionError e) {
      process.close();
      throw e;
    }
  }

  record PlatformProcess(RunningProcess process, String kafka, String registry)
      implements AutoCloseable {
    @Override
    public void close() {
      process.close();
    }
  }
}
