package io.bottledwater.bench;

/**
 * One run of one subject, about rows a second.
 *
 * @param repeat which of the runs; runs of the same number stood next to each other in time
 * @param rows in the topics afterwards, or read
 * @param expected what rows should be
 * @param seconds from the first read to the last row committed
 * @param startSeconds from the process's start to the first read
 * @param cpuSeconds user and system, during {@code seconds}
 * @param postgresCpuSeconds of all of PostgreSQL's processes, during that time
 * @param kafkaCpuSeconds of the broker, during that time
 * @param peakKilobytes peak resident set
 * @param allocatedBytes on the Java heap, since the first read; {@link Double#NaN} when unknown or
 *     not asked for
 */
record Measurement(
    Scenario scenario,
    String subject,
    int repeat,
    long rows,
    long expected,
    double seconds,
    double startSeconds,
    double cpuSeconds,
    double postgresCpuSeconds,
    double kafkaCpuSeconds,
    long peakKilobytes,
    double allocatedBytes)
    implements Run {
  double rowsPerSecond() {
    return expected / seconds;
  }

  double cpuSecondsPerMillion() {
    return cpuSeconds * 1e6 / expected;
  }

  double postgresCpuSecondsPerMillion() {
    return postgresCpuSeconds * 1e6 / expected;
  }

  double kafkaCpuSecondsPerMillion() {
    return kafkaCpuSeconds * 1e6 / expected;
  }

  double allocatedBytesPerRow() {
    return allocatedBytes / expected;
  }

  Measurement withAllocatedBytes(double bytes) {
    return new Measurement(
        scenario,
        subject,
        repeat,
        rows,
        expected,
        seconds,
        startSeconds,
        cpuSeconds,
        postgresCpuSeconds,
        kafkaCpuSeconds,
        peakKilobytes,
        bytes);
  }

  @Override
  public boolean isComplete() {
    return rows == expected;
  }
}
