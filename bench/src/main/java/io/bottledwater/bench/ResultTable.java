package io.bottledwater.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The results as a Markdown table. A ratio is taken between runs of the same repeat, which stood
 * close in time; then come the median, the least and the greatest of these ratios.
 */
final class ResultTable {
  private static final String NONE = "–";
  private static final double KILOBYTES_PER_MEGABYTE = 1024;

  private ResultTable() {}

  static String of(List<Measurement> all) {
    StringBuilder table = new StringBuilder();
    table.append(
        "| scenario | subject | × Debezium | × limit | rows/s | CPU s per million | PostgreSQL's |"
            + " Kafka's | peak RSS MB | start s | rows right |\n|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (Map.Entry<Key, List<Measurement>> group : groups(all).entrySet()) {
      List<Measurement> runs = group.getValue();
      table
          .append("| ")
          .append(group.getKey().scenario().label())
          .append(" | ")
          .append(group.getKey().subject())
          .append(" | ")
          .append(ratio(all, runs, DebeziumSubject.NAME))
          .append(" | ")
          .append(ratio(all, runs, LimitSubject.NAME))
          .append(" | ")
          .append(spread(runs, Measurement::rowsPerSecond, "%,.0f"))
          .append(" | ")
          .append(spread(runs, Measurement::cpuSecondsPerMillion, "%.2f"))
          .append(" | ")
          .append(spread(runs, Measurement::postgresCpuSecondsPerMillion, "%.2f"))
          .append(" | ")
          .append(spread(runs, Measurement::kafkaCpuSecondsPerMillion, "%.2f"))
          .append(" | ")
          .append(spread(runs, m -> m.peakKilobytes() / KILOBYTES_PER_MEGABYTE, "%.0f"))
          .append(" | ")
          .append(spread(runs, Measurement::startSeconds, "%.1f"))
          .append(" | ")
          .append(runs.stream().allMatch(Measurement::isComplete) ? "yes" : "**NO**")
          .append(" |\n");
    }
    return table.toString();
  }

  private record Key(Scenario scenario, String subject) {}

  private static Map<Key, List<Measurement>> groups(List<Measurement> all) {
    Map<Key, List<Measurement>> groups = new LinkedHashMap<>();
    for (Measurement m : all) {
      groups.computeIfAbsent(new Key(m.scenario(), m.subject()), key -> new ArrayList<>()).add(m);
    }
    return groups;
  }

  private static String spread(
      List<Measurement> runs, ToDoubleFunction<Measurement> value, String format) {
    return Spread.of(runs.stream().mapToDouble(value).toArray()).text(format);
  }

  private static String ratio(List<Measurement> all, List<Measurement> runs, String to) {
    List<Double> ratios = new ArrayList<>();
    for (Measurement run : runs) {
      Measurement other = find(all, run, to);
      if (other != null) {
        ratios.add(run.rowsPerSecond() / other.rowsPerSecond());
      }
    }
    return ratios.isEmpty()
        ? NONE
        : Spread.of(ratios.stream().mapToDouble(Double::doubleValue).toArray()).text("%.2f");
  }

  private static @Nullable Measurement find(List<Measurement> all, Measurement run, String to) {
    for (Measurement m : all) {
      if (m.scenario() == run.scenario() && m.repeat() == run.repeat() && m.subject().equals(to)) {
        return m;
      }
    }
    return null;
  }
}
