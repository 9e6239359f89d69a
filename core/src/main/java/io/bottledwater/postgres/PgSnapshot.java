package io.bottledwater.postgres;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which transactions a snapshot sees: type {@code pg_snapshot}, text {@code xmin:xmax:xip,...}
 * (PostgreSQL manual, "Transaction ID and Snapshot Information Functions"). Ids have 64 bits.
 */
public final class PgSnapshot {
  private static final long XID_MASK = 0xFFFFFFFFL;
  private static final long HALF = 1L << 31;

  private final String text;
  private final long xmin;
  private final long xmax;
  private final long[] inProgress;

  private PgSnapshot(String text, long xmin, long xmax, long[] inProgress) {
    this.text = text;
    this.xmin = xmin;
    this.xmax = xmax;
    this.inProgress = inProgress;
  }

  /**
   * @throws IllegalArgumentException when the text is not of that form
   */
  public static PgSnapshot parse(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("not a pg_snapshot");
    }
    long xmin = Long.parseLong(parts[0]);
    // A slot's exported snapshot may name an xmax below its xmin, which its own input function
    // refuses; it sees everything below xmin all the same.
    long xmax = Math.max(xmin, Long.parseLong(parts[1]));
    long[] inProgress =
        parts[2].isEmpty()
            ? new long[0]
            : Arrays.stream(parts[2].split(",", -1))
                .mapToLong(Long::parseLong)
                .filter(xid -> xid >= xmin && xid < xmax)
                .sorted()
                .toArray();
    String normal =
        xmin
            + ":"
            + xmax
            + ":"
            + Arrays.stream(inProgress).mapToObj(Long::toString).collect(Collectors.joining(","));
    return new PgSnapshot(normal, xmin, xmax, inProgress);
  }

  /**
   * Adds subtransactions to a snapshot that names none.
   *
   * @param running ids with commas between them, newest first: those of {@code [xmin, xmax)} that
   *     were found running one after another, in that order, after the snapshot was taken
   * @param most how many of the newest ids were looked at
   * @param mostRunning how many may be named
   * @return null when some may have been missed, because a transaction that the snapshot names was
   *     not found running, and when there are too many
   */
  public @Nullable PgSnapshot withSubtransactions(String running, int most, int mostRunning) {
    if (xmax - xmin > most) {
      return null;
    }
    PgSnapshot all = parse(xmin + ":" + xmax + ":" + running);
    if (all.inProgress.length > mostRunning) {
      return null;
    }
    for (long xid : inProgress) {
      if (Arrays.binarySearch(all.inProgress, xid) < 0) {
        return null;
      }
    }
    return all;
  }

  /**
   * Whether the effects of a transaction that has committed are seen.
   *
   * @param xid 32 bits as tuples and WAL carry it; taken for the 64-bit id nearest to this snapshot
   */
  public boolean sees(long xid) {
    long full = (xmax & ~XID_MASK) | (xid & XID_MASK);
    if (full - xmax > HALF) {
      full -= XID_MASK + 1;
    } else if (xmax - full > HALF) {
      full += XID_MASK + 1;
    }
    if (full < xmin) {
      return true;
    }
    return full < xmax && Arrays.binarySearch(inProgress, full) < 0;
  }

  /**
   * Whether all is seen that another snapshot sees. A slot's snapshot sees a transaction as soon as
   * its commit is in the WAL; others when it has ended, which can be later.
   */
  public boolean covers(PgSnapshot other) {
    for (long xid : inProgress) {
      if (other.sees(xid)) {
        return false;
      }
    }
    for (long xid = xmax; xid < other.xmax; xid++) {
      if (other.sees(xid)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether transaction ids have gone round once, so that 32 bits of one do not say when it was.
   */
  public boolean isWrapped() {
    return xmax > XID_MASK;
  }

  public long xmax() {
    return xmax;
  }

  @Override
  public String toString() {
    return text;
  }
}
