package io.bottledwater.source.snapshot;

import java.util.concurrent.atomic.LongAdder;

/** How far the snapshot has got. Written by the readers, read by anybody. */
public final class SnapshotProgress {
  private final LongAdder rows = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder pages = new LongAdder();
  private volatile long totalPages;
  private volatile int tables;
  private volatile long startedNanos;

  /**
   * @param pagesDone pages read in an earlier run
   * @param totalPages pages in all
   */
  public void begin(int tables, long pagesDone, long totalPages, long nowNanos) {
    this.tables = tables;
    this.totalPages = totalPages;
    this.startedNanos = nowNanos;
    pages.add(pagesDone);
  }

  /** Whether {@link #begin} has been called. */
  public boolean hasBegun() {
    return startedNanos != 0;
  }

  void read(long moreRows, long moreBytes) {
    rows.add(moreRows);
    bytes.add(moreBytes);
  }

  void chunkDone(Chunk chunk) {
    pages.add(chunk.pages());
  }

  public long rows() {
    return rows.sum();
  }

  /** Bytes that came from PostgreSQL. */
  public long bytes() {
    return bytes.sum();
  }

  public long pages() {
    return pages.sum();
  }

  public long totalPages() {
    return totalPages;
  }

  public int tables() {
    return tables;
  }

  public long startedNanos() {
    return startedNanos;
  }
}
