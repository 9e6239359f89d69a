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

    long scenarios = options.scenarios().stream().filter(s -> !s.isLatency()).count();
    assertThat(measured).hasSize(Math.toIntExact(scenarios * options.subjects().size()));
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
    // A key and a value at least; a JVM before 21 does not tell.
    assertThat(measured)
        .filteredOn(m -> m.subject().startsWith("at-least-once") && canTellAllocation())
        .allMatch(m -> m.allocatedBytesPerRow() > 50);
    assertThat(measured)
        .filteredOn(m -> m.subject().equals("debezium"))
        .allMatch(m -> Double.isNaN(m.allocatedBytes()));
  }

  private static boolean canTellAllocation() {
    return Runtime.version().feature() >= 21;
  }

  @Test
  void timesEveryRowOfALoad() throws Exception {
    BenchOptions options =
        BenchOptions.parse(
            "--repeat=1",
            "--seconds=2",
            "--warm-up=1",
            "--scenario=latency-500",
            "--subject=limit,discard-avro,exactly-once-avro,at-least-once-json,debezium");
    List<Latency> measured;
    try (Servers servers = Servers.start()) {
      measured = new LatencyBench(servers, options, System.err).run();
    }

    assertThat(measured)
        .extracting(Latency::subject)
        .containsExactly("exactly-once-avro", "at-least-once-json", "debezium");
    assertThat(measured).allMatch(Latency::isComplete);
    assertThat(measured).allMatch(m -> m.transactions() == 1000 && m.expected() == 1500);
    assertThat(measured).allMatch(m -> m.p50Millis() > 0 && m.p50Millis() <= m.maxMillis());
    assertThat(measured).allMatch(m -> m.cpuSeconds() > 0);
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
