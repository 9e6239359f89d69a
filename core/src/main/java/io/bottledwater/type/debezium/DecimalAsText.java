package io.bottledwater.type.debezium;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.value.ForwardingWriter;

/**
 * Turns decimals into their digits, or the connector's words for what has none, as {@code
 * decimal.handling.mode=string}. One thread only.
 */
final class DecimalAsText extends ForwardingWriter {
  private static final byte[] NAN = "NAN".getBytes(US_ASCII);
  private static final byte[] POSITIVE = "POSITIVE_INFINITY".getBytes(US_ASCII);
  private static final byte[] NEGATIVE = "NEGATIVE_INFINITY".getBytes(US_ASCII);

  private final ByteWriter text = new ByteWriter(32);

  @Override
  public void writeNumeric(byte[] bytes, int offset, int length) {
    byte last = bytes[offset + length - 1];
    if (last >= '0' && last <= '9') {
      out().writeString(bytes, offset, length);
    } else {
      byte[] word = last == 'N' ? NAN : bytes[offset] == '-' ? NEGATIVE : POSITIVE;
      out().writeString(word, 0, word.length);
    }
  }

  @Override
  public void writeDecimal(long unscaled, int scale) {
    text.reset();
    text.writeDigits(unscaled);
    text.insertPoint(unscaled < 0 ? 1 : 0, scale);
    out().writeString(text.array(), 0, text.position());
  }
}
