package io.bottledwater.type;

import java.util.Arrays;

/** Hexadecimal digits by table. */
final class Hex {
  private static final byte[] DIGITS = digits();

  private Hex() {}

  /** The value of a hexadecimal digit, -1 for any other byte. */
  static int digit(byte b) {
    return DIGITS[b & 0xFF];
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
