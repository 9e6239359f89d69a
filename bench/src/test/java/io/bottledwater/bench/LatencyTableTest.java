package io.bottledwater.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Percentiles, ratios, and which row a key names. */
class LatencyTableTest {
  @Test
  void percentilesAreValuesThatWereMeasured() {
    long[] nanos =
        Latency.sorted(LongStream.rangeClosed(1, 1000).map(i -> -i + 1001).toArray(), 1000);

    assertThat(Latency.percentileMillis(nanos, 0.5)).isEqualTo(500 / 1e6);
    assertThat(Latency.percentileMillis(nanos, 0.99)).isEqualTo(990 / 1e6);
    assertThat(Latency.percentileMillis(nanos, 0.999)).isEqualTo(999 / 1e6);
    assertThat(Latency.percentileMillis(nanos, 1)).isEqualTo(1000 / 1e6);
    assertThat(Latency.percentileMillis(new long[0], 0.5)).isNaN();
  }

  @Test
  void leavesOutTransactionsThatHaveNotArrived() {
    assertThat(Latency.sorted(new long[] {3, 1, 0, 0}, 2)).containsExactly(1, 3);
  }

  @Test
  void comparesRunsOfTheSameRepeat() {
    String table =
        LatencyTable.of(
            List.of(
                run("exactly-once-avro", 1, 2, 100),
                run("debezium", 1, 8, 100),
                run("exactly-once-avro", 2, 3, 100),
                run("debezium", 2, 4, 100)));

    assertThat(table)
        .contains(
            "| latency-500 | exactly-once-avro | 0.50 (0.25–0.75) | 0.50 (0.25–0.75) |"
                + " 2.50 (2.00–3.00) | 25.00 (20.00–30.00) |")
        .contains("| 3000.0 | 50 | 0.25 | yes |");
  }

  @Test
  void marksRunsThatLostOrDoubledRows() {
    assertThat(LatencyTable.of(List.of(run("debezium", 1, 1, 99)))).contains("| **NO** |");
  }

  @Test
  void findsTheRowInAKeyOfEitherFormat() {
    assertThat(Arrivals.id("{\"id\":300}".getBytes(US_ASCII))).isEqualTo(300);
    // Avro, section Binary encoding: 300 is 600 in zig-zag, seven bits a byte, lowest first.
    assertThat(Arrivals.id(new byte[] {0, 0, 0, 0, 7, (byte) 0xD8, 4})).isEqualTo(300);
  }

  private static Latency run(String subject, int repeat, double p50, long rows) {
    return new Latency(
        Scenario.LATENCY_500,
        subject,
        repeat,
        rows,
        100,
        100,
        2,
        0.3,
        0.25,
        p50,
        10 * p50,
        20 * p50,
        30 * p50);
  }
}
