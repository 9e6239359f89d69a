package io.bottledwater.type.debezium;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.bottledwater.value.ForwardingWriter;
import io.bottledwater.value.SpecialValueException;
import java.math.BigDecimal;

/**
 * Turns decimals into the unscaled number's bytes, big-endian two's complement, as {@code
 * decimal.handling.mode=precise} does. One thread only.
 */
final class DebeziumNumbers extends ForwardingWriter {
  private static final int SCALE = 0;
  private static final int VALUE = 1;
  private static final int MOST_LONG_DIGITS = 18;

  private final byte[] scratch = new byte[Long.BYTES];

  /** A numeric of its own scale, without the zeros that end its fraction. */
  @Override
  public void writeNumeric(byte[] bytes, int offset, int length) {
    int end = offset + length;
    if (bytes[end - 1] < '0' || bytes[end - 1] > '9') {
      throw new SpecialValueException(new String(bytes, offset, length, US_ASCII));
    }
    int point = offset;
    while (point < end && bytes[point] != '.') {
      point++;
    }
    int last = end;
    if (point < end) {
      while (bytes[last - 1] == '0') {
        last--;
      }
      if (last - 1 == point) {
        last = point;
      }
    }
    int scale = Math.max(0, last - point - 1);
    out().beginStruct();
    out().field(SCALE);
    out().writeInt(scale);
    out().field(VALUE);
    if (last - offset <= MOST_LONG_DIGITS) {
      writeUnscaled(unscaled(bytes, offset, last));
    } else {
      byte[] large =
          new BigDecimal(new String(bytes, offset, last - offset, US_ASCII))
              .unscaledValue()
              .toByteArray();
      out().writeBytes(large, 0, large.length);
    }
    out().endStruct();
  }

  private static long unscaled(byte[] bytes, int from, int end) {
    boolean negative = bytes[from] == '-';
    long value = 0;
    for (int i = negative ? from + 1 : from; i < end; i++) {
      if (bytes[i] != '.') {
        value = value * 10 + bytes[i] - '0';
      }
    }
    return negative ? -value : value;
  }

  @Override
  public void writeDecimal(long unscaled, int scale) {
    writeUnscaled(unscaled);
  }

  @Override
  public void writeDecimal(byte[] unscaled, int scale) {
    out().writeBytes(unscaled, 0, unscaled.length);
  }

  /** With as few bytes as hold the sign. */
  private void writeUnscaled(long unscaled) {
    int signBits = Long.numberOfLeadingZeros(unscaled < 0 ? ~unscaled : unscaled);
    int length = (Long.SIZE - signBits) / 8 + 1;
    for (int i = 0; i < length; i++) {
      scratch[i] = (byte) (unscaled >> (length - 1 - i) * 8);
    }
    out().writeBytes(scratch, 0, length);
  }
}
