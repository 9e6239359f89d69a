package io.bottledwater.pump;

import io.bottledwater.postgres.PgSnapshot;
import java.util.HashSet;
import java.util.Set;

/**
 * Transactions that came through the stream and changed a table which is still to be read. The
 * snapshot that it is read under must see them: their changes were left out, or have been written
 * and must not be followed by an older row. A commit is in the stream before it is visible, for as
 * long as it waits for a synchronous standby. One thread.
 */
final class EarlyChanges {
  private final Set<Long> xids = new HashSet<>();
  private long last;

  void add(long xid) {
    if (xid != last) {
      xids.add(xid);
      last = xid;
    }
  }

  boolean isEmpty() {
    return xids.isEmpty();
  }

  /** Whether the snapshot sees them all; those that it sees are forgotten. */
  boolean seenBy(PgSnapshot snapshot) {
    last = 0;
    xids.removeIf(snapshot::sees);
    return xids.isEmpty();
  }
}
