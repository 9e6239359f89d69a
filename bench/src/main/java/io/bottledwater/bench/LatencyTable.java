package io.bottledwater.bench;

import java.util.List;

/** Latencies as a Markdown table. */
final class LatencyTable {
  private LatencyTable() {}

  static String of(List<Latency> all) {
    RunGroups<Latency> runs = new RunGroups<>(all);
    StringBuilder table = new StringBuilder();
    table.append(
        "| scenario | subject | p50 × Debezium | p99 × Debezium | p50 ms | p99 ms | p99.9 ms |"
            + " max ms | CPU s per million | transactions/s | begun late, p99 ms | rows right |\n"
            + "|---|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (List<Latency> group : runs.groups()) {
      table.append("| ").append(String.join(" | ", cells(runs, group))).append(" |\n");
    }
    return table.toString();
  }

  private static List<String> cells(RunGroups<Latency> runs, List<Latency> group) {
    return List.of(
        group.get(0).scenario().label(),
        group.get(0).subject(),
        runs.ratio(group, DebeziumSubject.NAME, Latency::p50Millis),
        runs.ratio(group, DebeziumSubject.NAME, Latency::p99Millis),
        RunGroups.spread(group, Latency::p50Millis, "%.2f"),
        RunGroups.spread(group, Latency::p99Millis, "%.2f"),
        RunGroups.spread(group, Latency::p999Millis, "%.2f"),
        RunGroups.spread(group, Latency::maxMillis, "%.1f"),
        RunGroups.spread(group, Latency::cpuSecondsPerMillion, "%.1f"),
        RunGroups.spread(group, Latency::transactionsPerSecond, "%,.0f"),
        RunGroups.spread(group, Latency::lateMillis, "%.2f"),
        RunGroups.rowsRight(group));
  }
}
