package io.bottledwater.type;

import io.bottledwater.value.ForwardingWriter;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.SpecialValueException;

/** A numeric as the nearest double, NaN and the infinities included. One thread only. */
public final class NumericAsDouble extends ForwardingWriter {
  private final FloatText text = new FloatText("numeric text");

  @Override
  public void writeNumeric(byte[] bytes, int offset, int length) {
    double value;
    try {
      value = text.parseDouble(bytes, offset, length);
    } catch (MalformedValueException e) {
      // Its form has been checked before: what is left is its size.
      throw new SpecialValueException("a numeric beyond the range of double precision");
    }
    out().writeDouble(value);
  }
}
