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
  private long changeLsn;
  private long previousCommitEndLsn;

  /**
   * @param commitLsn where the commit record starts
   * @param commitMicros commit time in microseconds since 1970-01-01T00:00Z
   * @param xid 32-bit transaction id, unsigned
   */
  public void begin(long commitLsn, long commitMicros, long xid) {
    this.previousCommitEndLsn = this.commitEndLsn;
    this.commitLsn = commitLsn;
    this.changeLsn = commitLsn;
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

  /**
   * @param lsn where the change that follows stands in the WAL
   */
  public void at(long lsn) {
    changeLsn = lsn;
  }

  /** Where the current change stands in the WAL; the commit LSN where that is not known. */
  public long changeLsn() {
    return changeLsn;
  }

  /**
   * The first byte after the commit record of the transaction before, if this object has seen it.
   */
  public long previousCommitEndLsn() {
    return previousCommitEndLsn;
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
