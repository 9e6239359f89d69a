package io.bottledwater.bench;

import java.util.Arrays;

/**
 * One run of one subject, about the time from a commit to the consumer.
 *
 * @param rows that have arrived exactly once, the warm-up's included
 * @param expected what rows should be
 * @param transactions over which the rest was measured
 * @param seconds from the first of these to the last's commit
 * @param cpuSeconds of the subject, user and system, for these transactions
 * @param lateMillis how much later than scheduled a transaction was begun, 99th percentile
 * @param p50Millis from the return of COMMIT to the arrival at the consumer, median; and so on
 */
record Latency(
    Scenario scenario,
    String subject,
    int repeat,
    long rows,
    long expected,
    int transactions,
    double seconds,
    double cpuSeconds,
    double lateMillis,
    double p50Millis,
    double p99Millis,
    double p999Millis,
    double maxMillis)
    implements Run {
  double transactionsPerSecond() {
    return transactions / seconds;
  }

  double cpuSecondsPerMillion() {
    return cpuSeconds * 1e6 / transactions;
  }

  @Override
  public boolean isComplete() {
    return rows == expected;
  }

  /**
   * The least value that is not below so many of all; {@link Double#NaN} of none.
   *
   * @param nanos in ascending order
   * @param share from 0 to 1
   */
  static double percentileMillis(long[] nanos, double share) {
    if (nanos.length == 0) {
      return Double.NaN;
    }
    int rank = (int) Math.ceil(share * nanos.length);
    return nanos[Math.max(1, rank) - 1] / 1e6;
  }

  /** Of the values that are given, in ascending order. */
  static long[] sorted(long[] nanos, int count) {
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return sorted;
  }
}
