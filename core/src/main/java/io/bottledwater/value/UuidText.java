package io.bottledwater.value;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.bytes.HexWord;

/** The text of a UUID as PostgreSQL writes it: lower case, 8-4-4-4-12. Stateless. */
public final class UuidText {
  public static final int LENGTH = 36;

  private UuidText() {}

  public static void write(ByteWriter out, long mostSignificant, long leastSignificant) {
    int at = out.skip(LENGTH);
    byte[] target = out.array();
    HexWord.write(target, at, (int) (mostSignificant >>> 32));
    target[at + 8] = '-';
    HexWord.writeAroundDash(target, at + 9, (int) mostSignificant);
    target[at + 13] = '-';
    target[at + 18] = '-';
    HexWord.writeAroundDash(target, at + 19, (int) (leastSignificant >>> 32));
    target[at + 23] = '-';
    HexWord.write(target, at + 28, (int) leastSignificant);
  }
}
