package io.bottledwater.source.catalog;

/**
 * How composite and enumerated types stood at one moment.
 *
 * @param upTo what was committed up to this LSN has been seen
 * @param nextXid the next transaction id to be given out, 32 bits
 * @param fingerprint differs when attributes or labels do
 * @param alteredBefore transaction ids given out since the youngest alteration of a composite type,
 *     -1 when none was altered since it was created
 */
public record TypeState(long upTo, long nextXid, String fingerprint, long alteredBefore) {
  /**
   * Whether a composite type was altered by a transaction that began no earlier than this one, so
   * that it is not known which shape this one's values have.
   *
   * @param xid 32-bit transaction id, unsigned
   */
  public boolean alteredSince(long xid) {
    return alteredBefore >= 0 && alteredBefore <= ((nextXid - xid) & 0xFFFF_FFFFL);
  }
}
