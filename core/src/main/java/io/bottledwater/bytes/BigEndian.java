package io.bottledwater.bytes;

/**
 * Big-endian numbers in a byte array. Only the array's own bounds are checked.
 *
 * <p>Put together by hand: the JVM's first compiler makes several calls of a {@code VarHandle}.
 */
public final class BigEndian {
  private BigEndian() {}

  public static short int16(byte[] bytes, int offset) {
    return (short) ((bytes[offset] << 8) | (bytes[offset + 1] & 0xFF));
  }

  public static int int32(byte[] bytes, int offset) {
    return (bytes[offset] << 24)
        | ((bytes[offset + 1] & 0xFF) << 16)
        | ((bytes[offset + 2] & 0xFF) << 8)
        | (bytes[offset + 3] & 0xFF);
  }

  public static long int64(byte[] bytes, int offset) {
    return ((long) int32(bytes, offset) << 32) | (int32(bytes, offset + 4) & 0xFFFFFFFFL);
  }
}
