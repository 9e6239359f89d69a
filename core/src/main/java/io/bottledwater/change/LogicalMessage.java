package io.bottledwater.change;

/**
 * What {@code pg_logical_emit_message} wrote into the WAL: a borrowed view, valid inside the
 * callback that hands it over. One thread only.
 */
public final class LogicalMessage {
  private boolean transactional;
  private long endLsn;
  private String prefix = "";
  private byte[] buffer = new byte[0];
  private int offset;
  private int length;

  /**
   * @param endLsn the first byte after the message's WAL record
   * @param buffer holds the content at {@code [offset, offset + length)}
   */
  public void set(
      boolean transactional, long endLsn, String prefix, byte[] buffer, int offset, int length) {
    this.transactional = transactional;
    this.endLsn = endLsn;
    this.prefix = prefix;
    this.buffer = buffer;
    this.offset = offset;
    this.length = length;
  }

  /** Whether it belongs to the transaction around it; if not, it stands between transactions. */
  public boolean transactional() {
    return transactional;
  }

  public long endLsn() {
    return endLsn;
  }

  public String prefix() {
    return prefix;
  }

  public byte[] buffer() {
    return buffer;
  }

  public int offset() {
    return offset;
  }

  public int length() {
    return length;
  }
}
