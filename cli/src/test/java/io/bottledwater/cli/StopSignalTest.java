package io.bottledwater.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.bottledwater.testkit.Signals;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StopSignalTest {
  @ParameterizedTest
  @CsvSource({
    "stops, TERM, stopped, 0",
    "stops, INT, stopped, 0",
    "refuses, TERM, stopped, 3",
    "deaf, TERM, , 0"
  })
  void endsWithTheCommandsExitCodeAfterASignal(
      String manner, String signal, String lastLine, int exitCode) throws Exception {
    assumeFalse(signal.equals("INT") && Signals.isInterruptIgnored());
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                WaitingProgram.class.getName(),
                manner)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out = process.inputReader()) {
      assertThat(out.readLine()).isEqualTo("ready");

      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();

      assertThat(out.readLine()).isEqualTo(lastLine);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(exitCode);
    } finally {
      process.destroyForcibly();
    }
  }
}
