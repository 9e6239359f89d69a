package io.bottledwater.type;

import io.bottledwater.bytes.BigEndian;
import io.bottledwater.postgres.PgType;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueWriter;
import org.jspecify.annotations.Nullable;

/**
 * pgvector's {@code vector} and {@code halfvec}: lists of floats, none null. Text is {@code
 * [1,2.5,-3]}. Binary of {@code vector} is a count and a zero of 16 bits each, then 32-bit floats.
 * Source: pgvector's README, {@code vector_out} and {@code vector_send}.
 */
final class VectorMapping implements TypeMapping {
  private static final ValueType TYPE = new ValueType.ListOf(ValueType.Simple.FLOAT, true);

  @Override
  public @Nullable ColumnMapping map(PgType type, int typmod, MappingScope scope) {
    if (type.isOf("vector", "vector")) {
      return new ColumnMapping(TYPE, new TextDecoder(), new Binary());
    }
    // Halves have no number type in Java 17 that would read their binary form.
    return type.isOf("vector", "halfvec") ? new ColumnMapping(TYPE, new TextDecoder(), null) : null;
  }

  private static final class Binary extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      int size = length < 4 ? -1 : BigEndian.int16(bytes, offset);
      if (size < 0 || length != 4 + 4 * size) {
        throw new MalformedValueException("vector", 0);
      }
      out.beginList(size);
      for (int i = 0; i < size; i++) {
        out.writeFloat(Float.intBitsToFloat(BigEndian.int32(bytes, offset + 4 + 4 * i)));
      }
      out.endList();
    }
  }

  private static final class TextDecoder extends ValueDecoder {
    private static final String FORM = "vector text";

    private final FloatText number = new FloatText(FORM);

    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      int close = offset + length - 1;
      if (length < 2 || bytes[offset] != '[' || bytes[close] != ']') {
        throw new MalformedValueException(FORM, 0);
      }
      int size = length == 2 ? 0 : 1;
      for (int i = offset + 1; i < close; i++) {
        size += bytes[i] == ',' ? 1 : 0;
      }
      out.beginList(size);
      int from = offset + 1;
      for (int n = 0; n < size; n++) {
        int end = from;
        while (end < close && bytes[end] != ',') {
          end++;
        }
        out.writeFloat(number.parseFloat(bytes, from, end - from));
        from = end + 1;
      }
      out.endList();
    }
  }
}
