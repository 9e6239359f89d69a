package io.bottledwater.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs of the same subject in the same scenario, for one line of a table each. A ratio is taken
 * between runs of the same repeat, which stood close in time; then come the median, the least and
 * the greatest of these ratios.
 *
 * @param all of the table
 */
record RunGroups<R extends Run>(List<R> all) {
  private static final String NONE = "–";

  private record Key(Scenario scenario, String subject) {}

  /** In the order in which they were first run. */
  List<List<R>> groups() {
    Map<Key, List<R>> groups = new LinkedHashMap<>();
    for (R run : all) {
      groups
          .computeIfAbsent(new Key(run.scenario(), run.subject()), key -> new ArrayList<>())
          .add(run);
    }
    return List.copyOf(groups.values());
  }

  /** A value over the runs of a group; a dash when it is not known of some. */
  static <R extends Run> String spread(List<R> group, ToDoubleFunction<R> value, String format) {
    return text(group.stream().mapToDouble(value).toArray(), format);
  }

  /** A value by that of another subject. */
  String ratio(List<R> group, String to, ToDoubleFunction<R> value) {
    List<Double> ratios = new ArrayList<>();
    for (R run : group) {
      R other = find(run, to);
      if (other != null) {
        ratios.add(value.applyAsDouble(run) / value.applyAsDouble(other));
      }
    }
    return text(ratios.stream().mapToDouble(Double::doubleValue).toArray(), "%.2f");
  }

  static <R extends Run> String rowsRight(List<R> group) {
    return group.stream().allMatch(Run::isComplete) ? "yes" : "**NO**";
  }

  private static String text(double[] values, String format) {
    for (double value : values) {
      if (Double.isNaN(value)) {
        return NONE;
      }
    }
    return values.length == 0 ? NONE : Spread.of(values).text(format);
  }

  private @Nullable R find(R run, String subject) {
    for (R other : all) {
      if (other.scenario() == run.scenario()
          && other.repeat() == run.repeat()
          && other.subject().equals(subject)) {
        return other;
      }
    }
    return null;
  }
}
