package io.bottledwater.pump;

import io.bottledwater.postgres.Lsn;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Running counts of a pump. Written by its thread, read by any. */
public final class PumpStatistics {
  private final LongAdder changes = new LongAdder();
  private final LongAdder transactions = new LongAdder();
  private final LongAdder splits = new LongAdder();
  private final LongAdder advances = new LongAdder();
  private final LongAdder commits = new LongAdder();
  private final AtomicLong goalLsn = new AtomicLong();
  private final AtomicLong committedLsn = new AtomicLong();
  private final AtomicLong lastCommitMicros = new AtomicLong();

  /** A session begins to stream. What {@code walEndLsn} has before it was there already. */
  void streaming(long walEndLsn) {
    goalLsn.set(Lsn.beforePageHeader(walEndLsn));
  }

  /** Everything that commits before {@code lsn} is written, or does not concern the pump. */
  void idle(long lsn) {
    if (Lsn.compare(lsn, goalLsn.get()) >= 0) {
      advanced();
    }
  }

  /** The pump got somewhere: a chunk was written, or it waits in order. */
  void advanced() {
    advances.increment();
  }

  /**
   * Changes whenever the pump gets anywhere. To begin to stream is not enough: what fails then may
   * fail at the same change each time.
   */
  long progress() {
    return commits.sum() + advances.sum();
  }

  void split() {
    splits.increment();
  }

  /** Times that a transaction was committed in part. */
  public long splits() {
    return splits.sum();
  }

  void transactionRead(long commitMicros) {
    transactions.increment();
    lastCommitMicros.set(commitMicros);
  }

  void committed(long moreChanges, long lsn) {
    changes.add(moreChanges);
    commits.increment();
    committedLsn.set(lsn);
  }

  /** Changes that the sink holds. */
  public long changes() {
    return changes.sum();
  }

  /** Transactions read from the stream. */
  public long transactions() {
    return transactions.sum();
  }

  /** Commits made at the sink. */
  public long commits() {
    return commits.sum();
  }

  /** The sink holds everything that commits before this LSN. */
  public long committedLsn() {
    return committedLsn.get();
  }

  /** When the last transaction read was committed, in microseconds since 1970-01-01T00:00Z. */
  public long lastCommitMicros() {
    return lastCommitMicros.get();
  }
}
