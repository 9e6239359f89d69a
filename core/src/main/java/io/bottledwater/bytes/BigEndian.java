package io.bottledwater.bytes;

/**
 * Big-endian numbers in a byte array. Only the array's own bounds are checked.
 *
 * <p>Put together by hand: the JVM's first compiler makes several calls of a {@code VarHandle}.
 * From methods that are short enough for it to take them into their callers (35 bytes of bytecode).
 */
public final class BigEndian {
  private BigEndian() {}

  public static short int16(byte[] bytes, int offset) {
    return (short) ((bytes[offset] << 8) | (bytes[offset + 1] & 0xFF));
  }

  public static int int32(byte[] bytes, int offset) {
    return (int16(bytes, offset) << 16) | (int16(bytes, offset + 2) & 0xFFFF);
  }

  public static long int64(byte[] bytes, int offset) {
    return ((long) int32(bytes, offset) << 32) | (int32(bytes, offset + 4) & 0xFFFFFFFFL);
  }
}
