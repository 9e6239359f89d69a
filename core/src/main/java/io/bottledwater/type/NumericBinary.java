package io.bottledwater.type;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.ValueWriter;

/** Binary of a numeric without precision: turned into the text that the server would have sent. */
final class NumericBinary extends ValueDecoder {
  private final NumericWire wire = new NumericWire();
  private final ByteWriter scratch = new ByteWriter(64);

  @Override
  public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
    wire.open(bytes, offset, length);
    if (wire.isSpecial()) {
      byte[] word = wire.specialText();
      out.writeNumeric(word, 0, word.length);
      return;
    }
    scratch.reset();
    if (!wire.writeDigits(wire.scale(), true, scratch)) {
      throw new MalformedValueException("numeric of its display scale", 6);
    }
    out.writeNumeric(scratch.array(), 0, scratch.position());
  }
}
