package io.bottledwater.pump;

/**
 * How long transactions may wait for one another, to be committed together, while more of them keep
 * coming. A commit keeps the decoder waiting for a round trip to the brokers: of the time of a pump
 * that keeps up it may take a sixth, so that a change waits no longer than that makes necessary.
 * One that is behind has throughput to win, and nothing to lose.
 */
final class CommitPace {
  private static final long LONGEST_NANOS = 200_000_000L;
  private static final long SHORTEST_NANOS = 1_000_000L;
  private static final int COMMITS_A_GROUP_LASTS = 5;

  /** By the server's clock, which may be another than ours. */
  private static final long BEHIND_MICROS = 2_000_000L;

  private long commitNanos = 2_000_000L;

  /** A commit has taken so long; the mean gives more weight to the last ones. */
  void committed(long nanos) {
    commitNanos += (nanos - commitNanos) / 4;
  }

  /**
   * @param committedMicros when the newest transaction was committed, since 1970-01-01T00:00Z
   * @param nowMicros by the same calendar
   */
  long groupNanos(long committedMicros, long nowMicros) {
    if (nowMicros - committedMicros > BEHIND_MICROS) {
      return LONGEST_NANOS;
    }
    return Math.max(SHORTEST_NANOS, Math.min(LONGEST_NANOS, COMMITS_A_GROUP_LASTS * commitNanos));
  }
}
