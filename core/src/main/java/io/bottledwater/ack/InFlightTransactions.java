package io.bottledwater.ack;

import io.bottledwater.postgres.Lsn;

/**
 * Which transactions are on their way, and therefore how much WAL PostgreSQL may forget. The only
 * place that moves the flush LSN.
 *
 * <pre>
 *   offered(end)      a whole transaction has gone to the sink          in flight
 *   committed(end)    the sink holds everything up to there             flush LSN = end
 *   idle(position)    the server has nothing for us before position     flush LSN = position,
 *                                                                       if nothing is in flight
 * </pre>
 *
 * <p>Written by the pump's thread; {@link #flushLsn()} may be read by any.
 */
public final class InFlightTransactions {
  private volatile long flushLsn;
  private long offeredEndLsn;

  /**
   * @param flushLsn what the sink is known to hold
   */
  public InFlightTransactions(long flushLsn) {
    this.flushLsn = flushLsn;
    this.offeredEndLsn = flushLsn;
  }

  /** A whole transaction was offered to the sink. */
  public void offered(long commitEndLsn) {
    if (Lsn.compare(commitEndLsn, offeredEndLsn) <= 0) {
      throw new IllegalArgumentException("transactions must be offered in commit order");
    }
    offeredEndLsn = commitEndLsn;
  }

  /** The sink holds every transaction that ends at or before {@code commitEndLsn}. */
  public void committed(long commitEndLsn) {
    if (Lsn.compare(commitEndLsn, offeredEndLsn) > 0) {
      throw new IllegalArgumentException("a transaction was committed that was never offered");
    }
    flushLsn = Lsn.max(flushLsn, commitEndLsn);
  }

  /** Whether the sink has been offered transactions that it has not yet made durable. */
  public boolean isEmpty() {
    return offeredEndLsn == flushLsn;
  }

  /**
   * The server has sent everything before {@code position} and the position has been recorded.
   *
   * @return false when transactions are in flight; then nothing moves
   */
  public boolean idle(long position) {
    if (!isEmpty()) {
      return false;
    }
    flushLsn = Lsn.max(flushLsn, position);
    offeredEndLsn = flushLsn;
    return true;
  }

  /** What may be confirmed to PostgreSQL. */
  public long flushLsn() {
    return flushLsn;
  }
}
