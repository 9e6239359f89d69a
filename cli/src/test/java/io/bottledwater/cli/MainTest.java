package io.bottledwater.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bottledwater.config.Option;
import io.bottledwater.config.ParsedOptions;
import io.bottledwater.config.PumpOptions;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Dispatch, help and exit codes. */
class MainTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<ParsedOptions> seen = new ArrayList<>();

  @Test
  void printsHelpForEveryDeclaredOption() throws Exception {
    CommandProcess process = CommandProcess.run(Map.of(), "--help");

    assertThat(process.exitCode()).isZero();
    assertThat(process.err()).isEmpty();
    for (Option<?> option : PumpOptions.ALL) {
      assertThat(process.out()).contains(HelpText.synopsis(option));
    }
    assertThat(process.out().lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void printsTheProducerPropertiesWithoutADatabase() throws Exception {
    CommandProcess process = CommandProcess.run(Map.of(), "--config-help");

    assertThat(process.exitCode()).isZero();
    assertThat(process.err()).isEmpty();
    assertThat(process.out()).contains("linger.ms").contains("queue.buffering.max.ms");
  }

  @Test
  void printsTheVersionThatWasBuilt() throws Exception {
    CommandProcess process = CommandProcess.run(Map.of(), "--version");

    assertThat(process.exitCode()).isZero();
    assertThat(process.err()).isEmpty();
    assertThat(process.out()).matches("bottledwater \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R");
  }

  @Test
  void takesLettersInClustersAndWithAttachedValues() {
    assertThat(run("-uxd", "postgres:///", "-sone", "-C", "linger.ms=5", "-Cclient.id=x")).isZero();

    ParsedOptions options = seen.get(0);
    assertThat(options.get(PumpOptions.ALLOW_UNKEYED)).isTrue();
    assertThat(options.get(PumpOptions.SKIP_SNAPSHOT)).isTrue();
    assertThat(options.get(PumpOptions.SLOT)).isEqualTo("one");
    assertThat(options.get(PumpOptions.KAFKA_CONFIG))
        .isEqualTo(Map.of("linger.ms", "5", "client.id", "x"));
  }

  @Test
  void takesFlagsWithAValue() {
    assertThat(run("-d", "postgres:///", "--allow-unkeyed=off", "--skip-snapshot=on")).isZero();

    assertThat(seen.get(0).get(PumpOptions.ALLOW_UNKEYED)).isFalse();
    assertThat(seen.get(0).get(PumpOptions.SKIP_SNAPSHOT)).isTrue();
  }

  @Test
  void runsANamedCommandWithItsOwnOptionsAndArguments() {
    assertThat(run("echo", "--slot=two", "a", "b")).isEqualTo(3);

    assertThat(seen.get(0).get(PumpOptions.SLOT)).isEqualTo("two");
    assertThat(seen.get(0).arguments()).containsExactly("a", "b");
  }

  @Test
  void refusesMoreArgumentsThanTheCommandTakes() {
    assertThat(run("echo", "a", "b", "c")).isEqualTo(2);
    assertThat(err()).contains("a word belongs to no option");
  }

  @Test
  void suggestsTheNearestCommand() {
    assertThat(run("ehco")).isEqualTo(2);
    assertThat(err())
        .isEqualTo("bottledwater: BW-USAGE: unknown command ehco. Did you mean echo?\n");
  }

  @Test
  void refusesTextThatTheLocaleCouldNotDecode() {
    assertThat(run("-d", "postgres://u:gehe\ufffdm@h/d")).isEqualTo(2);
    assertThat(err()).endsWith("Set LC_ALL=C.UTF-8.\n").doesNotContain("gehe");
  }

  @Test
  void printsTheHelpOfANamedCommand() {
    assertThat(run("echo", "-h")).isZero();
    assertThat(out())
        .startsWith("Usage: bottledwater echo [WORD...] [OPTIONS]\n")
        .contains("--slot");
  }

  @Test
  void listsNamedCommandsInTheMainHelp() {
    assertThat(run("-h")).isZero();
    assertThat(out()).contains("Commands:\n  echo\n      Says what it was told.\n");
  }

  @Test
  void reportsAFailureWithCodeByItsExitCodeAndOneLine() {
    assertThat(run("fail", "BW-SLOT-LOST")).isEqualTo(3);
    assertThat(err())
        .isEqualTo("bottledwater: BW-SLOT-LOST: slot\\nx. " + ErrorCode.SLOT_LOST.advice() + "\n");
  }

  @Test
  void reportsAnythingElseAsABugWithStackTrace() {
    assertThat(run("fail", "bug")).isEqualTo(70);
    assertThat(err()).contains("BW-BUG").contains("report").contains("\tat io.bottledwater.cli");
  }

  @Test
  void logsJsonToStandardErrorWhenAsked() throws Exception {
    CommandProcess process =
        CommandProcess.run(
            Map.of("BOTTLEDWATER_SERVICE_\u001bHOST", "10.0.0.1"),
            "--log-format=json",
            "--retry-limit=0",
            "-d",
            "postgres://127.0.0.1:1/d");

    assertThat(process.out()).isEmpty();
    JsonNode line = new ObjectMapper().readTree(process.err().lines().findFirst().orElseThrow());
    assertThat(line.get("level").asText()).isEqualTo("WARN");
    assertThat(line.get("logger").asText()).isEqualTo(Main.class.getName());
    assertThat(line.get("message").asText())
        .isEqualTo(
            "Environment variable 'BOTTLEDWATER_SERVICE_\\u001bHOST' names no option: ignored.");
  }

  @Test
  void logsTextOnOneLineAnEvent() throws Exception {
    CommandProcess process =
        CommandProcess.run(
            Map.of("BOTTLEDWATER_SERVICE_HOST", "10.0.0.1"),
            "--retry-limit=0",
            "-d",
            "postgres://127.0.0.1:1/d");

    assertThat(process.out()).isEmpty();
    assertThat(process.err().lines().findFirst().orElseThrow())
        .matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z WARN Main: Environment variable .* ignored\\.");
  }

  private int run(String... args) {
    Console console =
        new Console(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of("HOME", "/nowhere"),
            new StopSignal());
    return new Main(Commands.of(new Recording(), List.of(new Echo(), new Fail())), console)
        .run(Arrays.asList(args));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /** Stands where the pump stands. */
  private final class Recording implements Command {
    @Override
    public String name() {
      return "";
    }

    @Override
    public String summary() {
      return "Records.";
    }

    @Override
    public List<Option<?>> options() {
      return PumpOptions.ALL;
    }

    @Override
    public int run(ParsedOptions options, Console console) {
      seen.add(options);
      return 0;
    }
  }

  private final class Echo implements Command {
    @Override
    public String name() {
      return "echo";
    }

    @Override
    public String summary() {
      return "Says what it was told.";
    }

    @Override
    public String argumentsPlaceholder() {
      return "[WORD...]";
    }

    @Override
    public int mostArguments() {
      return 2;
    }

    @Override
    public List<Option<?>> options() {
      return List.of(PumpOptions.SLOT);
    }

    @Override
    public int run(ParsedOptions options, Console console) {
      seen.add(options);
      return 3;
    }
  }

  private static final class Fail implements Command {
    @Override
    public String name() {
      return "fail";
    }

    @Override
    public String summary() {
      return "Fails.";
    }

    @Override
    public int mostArguments() {
      return 1;
    }

    @Override
    public List<Option<?>> options() {
      return List.of();
    }

    @Override
    public int run(ParsedOptions options, Console console) {
      if (options.arguments().get(0).equals("bug")) {
        throw new IllegalStateException("unforeseen");
      }
      throw new BottledWaterException(ErrorCode.SLOT_LOST, "slot\nx.");
    }
  }
}
