package io.bottledwater.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Ratios, medians and spreads. */
class ResultTableTest {
  @Test
  void comparesRunsOfTheSameRepeat() {
    String table =
        ResultTable.of(
            List.of(
                run("limit", 1, 1, 100),
                run("exactly-once-avro", 1, 2, 100),
                run("debezium", 1, 10, 100),
                run("limit", 2, 2, 100),
                run("exactly-once-avro", 2, 8, 100),
                run("debezium", 2, 16, 100)));

    assertThat(table)
        .contains("| backlog | exactly-once-avro | 3.50 (2.00–5.00) | 0.38 (0.25–0.50) | 31")
        .contains("| backlog | debezium | 1.00 |");
  }

  @Test
  void leavesOutRatiosToWhatHasNotRun() {
    assertThat(ResultTable.of(List.of(run("discard-json", 1, 4, 100))))
        .contains(
            "| backlog | discard-json | – | – | 25 | 20000.00 | 30000.00 | 40000.00 | 1 | 300 |"
                + " 0.5 | yes |");
  }

  @Test
  void marksRunsThatLostOrDoubledRows() {
    assertThat(ResultTable.of(List.of(run("discard-json", 1, 4, 99)))).contains("| **NO** |");
    assertThat(ResultTable.of(List.of(run("discard-json", 1, 4, 101)))).contains("| **NO** |");
  }

  @Test
  void hasADashWhereAllocationIsNotKnown() {
    Measurement known = run("limit", 1, 4, 100);
    Measurement unknown =
        new Measurement(Scenario.BACKLOG, "limit", 2, 100, 100, 4, 0.5, 2, 3, 4, 1024, Double.NaN);
    assertThat(ResultTable.of(List.of(known, unknown))).contains("| 1 | – | 0.5 | yes |");
  }

  private static Measurement run(String subject, int repeat, double seconds, long rows) {
    return new Measurement(
        Scenario.BACKLOG, subject, repeat, rows, 100, seconds, 0.5, 2, 3, 4, 1024, 30_000);
  }
}
