package io.bottledwater.value;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.bottledwater.bytes.ByteWriter;

/** The text of a UUID as PostgreSQL writes it: lower case, 8-4-4-4-12. Stateless. */
public final class UuidText {
  public static final int LENGTH = 36;

  private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);

  private UuidText() {}

  public static void write(ByteWriter out, long mostSignificant, long leastSignificant) {
    int at = out.skip(LENGTH);
    byte[] target = out.array();
    hex(target, at, mostSignificant >>> 32, 8);
    target[at + 8] = '-';
    hex(target, at + 9, mostSignificant >>> 16, 4);
    target[at + 13] = '-';
    hex(target, at + 14, mostSignificant, 4);
    target[at + 18] = '-';
    hex(target, at + 19, leastSignificant >>> 48, 4);
    target[at + 23] = '-';
    hex(target, at + 24, leastSignificant, 12);
  }

  private static void hex(byte[] target, int at, long value, int digits) {
    long rest = value;
    for (int i = at + digits - 1; i >= at; i--) {
      target[i] = HEX[(int) rest & 0xF];
      rest >>>= 4;
    }
  }
}
