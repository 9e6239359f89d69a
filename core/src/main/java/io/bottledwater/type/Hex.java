package io.bottledwater.type;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.value.MalformedValueException;
import java.util.Arrays;

/** Hexadecimal digits by table. */
final class Hex {
  private static final byte[] DIGITS = digits();

  private Hex() {}

  /** The value of a hexadecimal digit, -1 for any other byte. */
  static int digit(byte b) {
    return DIGITS[b & 0xFF];
  }

  /** Appends the bytes that pairs of digits stand for. */
  static void decode(byte[] digits, int offset, int length, ByteWriter out, String form) {
    if ((length & 1) != 0) {
      throw new MalformedValueException(form, length);
    }
    int count = length / 2;
    int at = out.skip(count);
    byte[] target = out.array();
    for (int i = 0; i < count; i++) {
      int value = digit(digits[offset + 2 * i]) << 4 | digit(digits[offset + 2 * i + 1]);
      if (value < 0) {
        throw new MalformedValueException(form, 2 * i);
      }
      target[at + i] = (byte) value;
    }
  }

  private static byte[] digits() {
    byte[] table = new byte[256];
    Arrays.fill(table, (byte) -1);
    for (int i = 0; i < 16; i++) {
      table[Character.forDigit(i, 16)] = (byte) i;
      table[Character.toUpperCase(Character.forDigit(i, 16))] = (byte) i;
    }
    return table;
  }
}
