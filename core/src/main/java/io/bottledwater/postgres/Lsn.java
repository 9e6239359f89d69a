package io.bottledwater.postgres;

/**
 * Log sequence numbers as unsigned longs. PostgreSQL writes them {@code X/Y}: the upper and lower
 * 32 bits in hexadecimal.
 */
public final class Lsn {
  /** No position: PostgreSQL's {@code InvalidXLogRecPtr}. */
  public static final long INVALID = 0L;

  /** XLOG_BLCKSZ, unless the server has been built otherwise. */
  public static final long PAGE_BYTES = 8192;

  private static final long PAGE_HEADER_BYTES = 40;

  private Lsn() {}

  /** Unsigned comparison. */
  public static int compare(long a, long b) {
    return Long.compareUnsigned(a, b);
  }

  /** The smaller of two. */
  public static long min(long a, long b) {
    return compare(a, b) <= 0 ? a : b;
  }

  /** The larger of two, unsigned. */
  public static long max(long a, long b) {
    return compare(a, b) >= 0 ? a : b;
  }

  /**
   * A position right behind a WAL page's header is the end of the page before: what is written up
   * to there ends there. The header is XLogLongPageHeaderData at most.
   */
  public static long beforePageHeader(long lsn) {
    long inPage = Long.remainderUnsigned(lsn, PAGE_BYTES);
    return inPage <= PAGE_HEADER_BYTES ? lsn - inPage : lsn;
  }

  /** Text form, for instance {@code 16/B374D848}. */
  public static String format(long lsn) {
    return Long.toHexString(lsn >>> 32).toUpperCase(java.util.Locale.ROOT)
        + "/"
        + Long.toHexString(lsn & 0xFFFFFFFFL).toUpperCase(java.util.Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException when the text is not of the form {@code X/Y}
   */
  public static long parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 1 || slash > 8 || text.length() - slash < 2 || text.length() - slash > 9) {
      throw new IllegalArgumentException("not an LSN");
    }
    long high = Long.parseLong(text, 0, slash, 16);
    long low = Long.parseLong(text, slash + 1, text.length(), 16);
    return (high << 32) | low;
  }
}
