package io.bottledwater.e2e.campaign;

import java.util.Map;

/**
 * A record as the reader saw it.
 *
 * @param table the topic's name without its prefix
 * @param lsn unsigned
 * @param sequence -1 for a row of the snapshot
 * @param row column values; null for a deletion
 */
record Seen(
    String table,
    int partition,
    long offset,
    String operation,
    long lsn,
    long sequence,
    String key,
    Map<String, Object> row) {

  boolean isSnapshot() {
    return operation.equals("r");
  }

  long number(String column) {
    return ((Number) row.get(column)).longValue();
  }

  /** Names the record without giving away its values. */
  String where() {
    return table
        + "-"
        + partition
        + "@"
        + offset
        + " "
        + operation
        + " "
        + lsnText(lsn)
        + "/"
        + sequence
        + " key "
        + key;
  }

  static String lsnText(long lsn) {
    return Long.toHexString(lsn >>> 32).toUpperCase(java.util.Locale.ROOT)
        + "/"
        + Long.toHexString(lsn & 0xFFFFFFFFL).toUpperCase(java.util.Locale.ROOT);
  }

  static long lsn(String text) {
    int slash = text.indexOf('/');
    return Long.parseLong(text.substring(0, slash), 16) << 32
        | Long.parseLong(text.substring(slash + 1), 16);
  }
}
