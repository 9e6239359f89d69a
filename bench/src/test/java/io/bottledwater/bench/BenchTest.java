package io.bottledwater.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs everything once with few rows: what the numbers are does not matter here. */
class BenchTest {
  @Test
  void measuresEveryScenarioAndFindsEveryRow() throws Exception {
    BenchOptions options =
        BenchOptions.parse(
            "--rows=2000", "--repeat=1", "--scenario=all", "--subject=limit,exactly-once-json");
    List<Measurement> measured = run(options);

    assertThat(measured).hasSize(Scenario.values().length * options.subjects().size());
    assertThat(measured).allMatch(Measurement::isComplete);
    assertThat(measured).allMatch(m -> m.seconds() > 0 && m.peakKilobytes() > 0);
  }

  @Test
  void measuresThePeerAndEveryWayToDeliver() throws Exception {
    List<Measurement> measured =
        run(
            BenchOptions.parse(
                "--rows=1000",
                "--repeat=1",
                "--subject=discard-avro,at-least-once-avro,debezium",
                "--variant=serial -XX:+UseSerialGC --headers=off"));

    assertThat(measured).hasSize(10).allMatch(Measurement::isComplete);
    assertThat(ResultTable.of(measured))
        .contains("| snapshot | debezium | 1.00 |", "| backlog | debezium | 1.00 |")
        .contains("| backlog | at-least-once-avro/serial |")
        .doesNotContain("NO");
  }

  @Test
  void refusesUnknownOptionsWithTheUsage() {
    assertThatThrownBy(() -> BenchOptions.parse("--row=1"))
        .hasMessageContaining("--row=1: unknown")
        .hasMessageContaining("snapshot-wide")
        .hasMessageContaining("exactly-once-avro");
    assertThatThrownBy(() -> BenchOptions.parse("--scenario=backlog,x"))
        .hasMessageContaining("--scenario=x: unknown");
    assertThatThrownBy(() -> BenchOptions.parse("--rows=0"))
        .hasMessageContaining("not a positive number");
  }

  private static List<Measurement> run(BenchOptions options) throws Exception {
    try (Servers servers = Servers.start()) {
      return new Bench(servers, options, System.err).run();
    }
  }
}
