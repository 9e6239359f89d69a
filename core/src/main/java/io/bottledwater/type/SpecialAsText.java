package io.bottledwater.type;

import io.bottledwater.value.SpecialValueException;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueWriter;
import java.util.List;

/**
 * Writes a value as the first of two alternatives, and PostgreSQL's text of a special one as the
 * second. Needs the text, so there is no binary decoder unless both forms are the same.
 */
final class SpecialAsText extends ValueDecoder {
  private final ValueDecoder decoder;
  private final FirstAlternative first = new FirstAlternative();

  private SpecialAsText(ValueDecoder decoder) {
    this.decoder = decoder;
  }

  static ColumnMapping of(ColumnMapping mapping) {
    ValueDecoder text = new SpecialAsText(mapping.text());
    return new ColumnMapping(
        new ValueType.OneOf(List.of(mapping.valueType(), ValueType.Simple.STRING)),
        text,
        mapping.binary() == mapping.text() ? text : null);
  }

  @Override
  public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
    first.begin(out);
    try {
      decoder.decode(bytes, offset, length, first);
    } catch (SpecialValueException e) {
      out.alternative(1);
      out.writeString(bytes, offset, length);
    }
  }
}
