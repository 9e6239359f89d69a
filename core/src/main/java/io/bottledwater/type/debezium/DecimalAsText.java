package io.bottledwater.type.debezium;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.value.ForwardingWriter;

/** Turns decimals into their digits, as {@code decimal.handling.mode=string}. One thread only. */
final class DecimalAsText extends ForwardingWriter {
  private final ByteWriter text = new ByteWriter(32);

  @Override
  public void writeNumeric(byte[] bytes, int offset, int length) {
    out().writeString(bytes, offset, length);
  }

  @Override
  public void writeDecimal(long unscaled, int scale) {
    text.reset();
    text.writeDigits(unscaled);
    text.insertPoint(unscaled < 0 ? 1 : 0, scale);
    out().writeString(text.array(), 0, text.position());
  }
}
