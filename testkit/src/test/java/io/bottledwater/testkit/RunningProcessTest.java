package io.bottledwater.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RunningProcessTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  @Test
  void capturesBothStreamsAndTheExitCode() {
    try (RunningProcess process =
        ProcessRunner.java(Talker.class)
            .environment("GREETING", "hello")
            .arguments("end", "3")
            .start()) {
      assertThat(process.awaitLine("^pid=(\\d+)", DEADLINE).group(1)).isEqualTo("" + process.pid());
      assertThat(process.awaitExit(DEADLINE)).isEqualTo(3);
      assertThat(process.stdout()).contains("hello");
      assertThat(process.stderr()).containsExactly("to stderr");
    }
  }

  @Test
  void tellsWhatWasPrintedWhenTheAwaitedLineNeverComes() {
    try (RunningProcess process = ProcessRunner.java(Talker.class).arguments("end", "0").start()) {
      assertThatThrownBy(() -> process.awaitLine("never", DEADLINE))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("ended without printing never")
          .hasMessageContaining("to stderr");
    }
  }

  @Test
  void killsSuspendsAndFeedsTheProcess() throws IOException {
    try (RunningProcess process = ProcessRunner.java(Talker.class).arguments("echo").start()) {
      process.awaitLine("^pid=", DEADLINE);
      process.suspend();
      process.resume();
      try (OutputStream input = process.input()) {
        input.write("fed\n".getBytes(StandardCharsets.UTF_8));
        input.flush();
        process.awaitLine("^read fed$", DEADLINE);
        process.kill9();
      }
      assertThat(process.awaitExit(DEADLINE)).isEqualTo(128 + 9);
      assertThat(process.isAlive()).isFalse();
    }
  }

  static final class Talker {
    public static void main(String[] arguments) throws IOException {
      System.out.println("pid=" + ProcessHandle.current().pid());
      System.out.println(System.getenv("GREETING"));
      System.err.println("to stderr");
      if (arguments[0].equals("end")) {
        System.exit(Integer.parseInt(arguments[1]));
      }
      var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        System.out.println("read " + line);
      }
    }
  }
}
