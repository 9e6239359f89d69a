package io.bottledwater.bench;

import java.util.List;

/** Rows a second and what they cost, as a Markdown table. */
final class ResultTable {
  private static final double KILOBYTES_PER_MEGABYTE = 1024;

  private ResultTable() {}

  static String of(List<Measurement> all) {
    RunGroups<Measurement> runs = new RunGroups<>(all);
    StringBuilder table = new StringBuilder();
    table.append(
        "| scenario | subject | × Debezium | × limit | rows/s | CPU s per million | PostgreSQL's |"
            + " Kafka's | peak RSS MB | allocated B per row | start s | rows right |\n"
            + "|---|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (List<Measurement> group : runs.groups()) {
      table.append("| ").append(String.join(" | ", cells(runs, group))).append(" |\n");
    }
    return table.toString();
  }

  private static List<String> cells(RunGroups<Measurement> runs, List<Measurement> group) {
    return List.of(
        group.get(0).scenario().label(),
        group.get(0).subject(),
        runs.ratio(group, DebeziumSubject.NAME, Measurement::rowsPerSecond),
        runs.ratio(group, LimitSubject.NAME, Measurement::rowsPerSecond),
        RunGroups.spread(group, Measurement::rowsPerSecond, "%,.0f"),
        RunGroups.spread(group, Measurement::cpuSecondsPerMillion, "%.2f"),
        RunGroups.spread(group, Measurement::postgresCpuSecondsPerMillion, "%.2f"),
        RunGroups.spread(group, Measurement::kafkaCpuSecondsPerMillion, "%.2f"),
        RunGroups.spread(group, m -> m.peakKilobytes() / KILOBYTES_PER_MEGABYTE, "%.0f"),
        RunGroups.spread(group, Measurement::allocatedBytesPerRow, "%.0f"),
        RunGroups.spread(group, Measurement::startSeconds, "%.1f"),
        RunGroups.rowsRight(group));
  }
}
