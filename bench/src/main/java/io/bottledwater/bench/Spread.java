package io.bottledwater.bench;

import java.util.Arrays;
import java.util.Locale;

/** Median, least and greatest of several values. */
record Spread(double median, double least, double greatest) {
  /**
   * @param values at least one
   */
  static Spread of(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }

  /** {@code median (least-greatest)}, each by {@code format}; one value when all read the same. */
  String text(String format) {
    String middle = String.format(Locale.ROOT, format, median);
    String low = String.format(Locale.ROOT, format, least);
    String high = String.format(Locale.ROOT, format, greatest);
    return low.equals(high) ? middle : middle + " (" + low + "–" + high + ")";
  }
}
