package io.bottledwater.type;

import io.bottledwater.value.SpecialValueException;
import io.bottledwater.value.ValueWriter;

/** Writes null in place of a special value, which its decoder refuses before it writes anything. */
final class SpecialAsNull extends ValueDecoder {
  private final ValueDecoder decoder;
  private final NulledValues nulled;

  private SpecialAsNull(ValueDecoder decoder, NulledValues nulled) {
    this.decoder = decoder;
    this.nulled = nulled;
  }

  static ColumnMapping of(ColumnMapping mapping, NulledValues nulled) {
    ValueDecoder binary = mapping.binary();
    return new ColumnMapping(
        mapping.valueType(),
        new SpecialAsNull(mapping.text(), nulled),
        binary == null ? null : new SpecialAsNull(binary, nulled));
  }

  @Override
  public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
    try {
      decoder.decode(bytes, offset, length, out);
    } catch (SpecialValueException e) {
      nulled.add(e.what());
      out.writeNull();
    }
  }
}
