package io.bottledwater.type;

import io.bottledwater.value.MalformedValueException;

/**
 * Big-endian numbers of PostgreSQL's send functions. Callers check the value's length first.
 *
 * <p>Put together by hand: the JVM's first compiler makes several calls of a {@code VarHandle}.
 */
final class Wire {
  private Wire() {}

  static short int16(byte[] bytes, int offset) {
    return (short) ((bytes[offset] << 8) | (bytes[offset + 1] & 0xFF));
  }

  static int int32(byte[] bytes, int offset) {
    return (bytes[offset] << 24)
        | ((bytes[offset + 1] & 0xFF) << 16)
        | ((bytes[offset + 2] & 0xFF) << 8)
        | (bytes[offset + 3] & 0xFF);
  }

  static long int64(byte[] bytes, int offset) {
    return ((long) int32(bytes, offset) << 32) | (int32(bytes, offset + 4) & 0xFFFFFFFFL);
  }

  static void requireLength(int length, int expected, String form) {
    if (length != expected) {
      throw new MalformedValueException(form, Math.min(length, expected));
    }
  }
}
