package io.bottledwater.change;

import io.bottledwater.postgres.Lsn;

/**
 * The transaction that changes belong to; one object, overwritten by the next transaction.
 *
 * <p>For a snapshot, the commit LSN is the slot's consistent point and the xid is 0.
 */
public final class Transaction {
  private long commitLsn;
  private long commitEndLsn;
  private long commitMicros;
  private long xid;

  /**
   * @param commitLsn where the commit record starts
   * @param commitMicros commit time in microseconds since 1970-01-01T00:00Z
   * @param xid 32-bit transaction id, unsigned
   */
  public void begin(long commitLsn, long commitMicros, long xid) {
    this.commitLsn = commitLsn;
    this.commitEndLsn = Lsn.INVALID;
    this.commitMicros = commitMicros;
    this.xid = xid;
  }

  /**
   * @param commitEndLsn the first byte after the commit record
   */
  public void end(long commitEndLsn) {
    this.commitEndLsn = commitEndLsn;
  }

  public long commitLsn() {
    return commitLsn;
  }

  public long commitEndLsn() {
    return commitEndLsn;
  }

  public long commitMicros() {
    return commitMicros;
  }

  public long xid() {
    return xid;
  }
}
