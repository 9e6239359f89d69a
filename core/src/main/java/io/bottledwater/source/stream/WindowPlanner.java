package io.bottledwater.source.stream;

import io.bottledwater.postgres.Lsn;
import java.util.ArrayDeque;

/**
 * How much WAL each call of a decoding function is given. The function keeps its whole result in
 * the server's memory and temporary files, and decodes from the slot's restart position again each
 * time: windows must be small enough for the former and large enough for the latter.
 *
 * <pre>
 *   restart ........ reached ======== upTo ........ end of WAL
 *      │  decoded again │   window   │
 *      └── holds what running transactions have changed so far: it may all come at once
 * </pre>
 *
 * <p>Windows grow from small to large, so that the first rows come soon and a result that is larger
 * than its WAL (compressed values) is noticed early. Thread safe.
 */
final class WindowPlanner {
  private static final long MEGABYTE = 1024 * 1024;

  /** Less than this behind the end of the WAL, the stream takes over. */
  static final long TIP_BYTES = 4 * MEGABYTE;

  private static final long FIRST_WINDOW = 4 * MEGABYTE;
  private static final long LARGEST_WINDOW = 256 * MEGABYTE;
  private static final long LEAST_WINDOW = MEGABYTE;

  // Each window decodes all before it again: the fewer small ones, the better.
  private static final int GROWTH = 8;

  // Decoding without output costs a sixth of decoding with it (docs/performance.md): behind this, a
  // window costs two thirds more, and the stream hardly less.
  private static final long MOST_AGAIN = 4 * LARGEST_WINDOW;

  // WAL from the restart position on whose transactions have not come yet. Whether it is that of
  // one large transaction, of many, or of other tables is not known: at the worst all of it comes
  // in the next window.
  private static final long MOST_PENDING = 2 * LARGEST_WINDOW;

  // A large message costs the server its copies and its way through the temporary file, where the
  // stream has one system call for it: the mean from which on that is the better bargain.
  private static final long LARGE_MESSAGE = 2048;

  private record Returned(long endLsn, long bytes) {}

  // A result larger than its WAL is remembered for so many windows.
  private static final int GROWTHS = 4;

  private final double[] growths = new double[GROWTHS];
  private int windows;
  private final ArrayDeque<Returned> returned = new ArrayDeque<>();
  private long window = FIRST_WINDOW;
  private boolean large;
  private boolean fullGrown;

  /** Whether what is left is better read from the replication stream. */
  boolean isNearTip(long reachedLsn, long walEnd) {
    return walEnd - reachedLsn < TIP_BYTES;
  }

  /**
   * Whether the next window could bring a very large transaction, or would cost too much because a
   * transaction is running that holds the restart position back.
   */
  synchronized boolean isTooMuch(long restartLsn, long reachedLsn) {
    while (!returned.isEmpty() && Lsn.compare(returned.getFirst().endLsn, restartLsn) <= 0) {
      returned.removeFirst();
    }
    long again = reachedLsn - restartLsn;
    long came = 0;
    for (Returned window : returned) {
      came += window.bytes;
    }
    return again > MOST_AGAIN || again - came > MOST_PENDING;
  }

  /** Where the next window ends. */
  synchronized long upTo(long reachedLsn, long walEnd) {
    double growth = 1;
    for (double one : growths) {
      growth = Math.max(growth, one);
    }
    long size = Math.max(LEAST_WINDOW, (long) (window / growth));
    fullGrown = window == LARGEST_WINDOW;
    window = Math.min(window * GROWTH, LARGEST_WINDOW);
    return walEnd - reachedLsn <= size + TIP_BYTES ? walEnd : reachedLsn + size;
  }

  /** Whether the last window that was planned is one of the largest. */
  synchronized boolean isFullGrown() {
    return fullGrown;
  }

  /** Whether messages are so large that the stream is better at them. */
  synchronized boolean isForTheStream() {
    return large;
  }

  /** A window has come whole: so many messages, and so many bytes in all. */
  synchronized void returned(long fromLsn, long endLsn, long messages, long bytes) {
    returned.addLast(new Returned(endLsn, bytes));
    large = bytes > FIRST_WINDOW / 2 && bytes > LARGE_MESSAGE * messages;
    growths[windows++ % GROWTHS] = (double) bytes / Math.max(1, endLsn - fromLsn);
  }
}
