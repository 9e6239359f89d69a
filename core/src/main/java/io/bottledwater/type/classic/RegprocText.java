package io.bottledwater.type.classic;

import io.bottledwater.type.ValueDecoder;
import io.bottledwater.value.SpecialValueException;
import io.bottledwater.value.ValueWriter;

/**
 * {@code regproc}, which Bottled Water wrote as the function's OID. Its text is that only when no
 * such function exists; of all others the stream carries the name alone.
 */
final class RegprocText extends ValueDecoder {
  private static final int MOST_DIGITS = 10;

  @Override
  public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
    long number = 0;
    boolean none = length == 1 && bytes[offset] == '-';
    for (int i = 0; i < length && !none; i++) {
      int digit = bytes[offset + i] - '0';
      if (digit < 0 || digit > 9 || length > MOST_DIGITS) {
        throw new SpecialValueException("a function's name, which is not its number");
      }
      number = number * 10 + digit;
    }
    out.writeLong(number);
  }
}
