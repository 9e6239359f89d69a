package io.bottledwater.type;

import io.bottledwater.postgres.PgType;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueWriter;
import org.jspecify.annotations.Nullable;

/** {@code boolean}: text {@code t} or {@code f}, binary one byte 0 or 1. */
final class BooleanMapping implements TypeMapping {
  private static final int BOOL = 16;

  @Override
  public @Nullable ColumnMapping map(PgType type, int typmod, MappingScope scope) {
    return type.oid() == BOOL
        ? new ColumnMapping(ValueType.Simple.BOOLEAN, new Text(), new Binary())
        : null;
  }

  private static final class Text extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      Wire.requireLength(length, 1, "boolean text");
      byte b = bytes[offset];
      if (b != 't' && b != 'f') {
        throw new MalformedValueException("boolean text", 0);
      }
      out.writeBoolean(b == 't');
    }
  }

  private static final class Binary extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      Wire.requireLength(length, 1, "boolean");
      byte b = bytes[offset];
      if ((b & ~1) != 0) {
        throw new MalformedValueException("boolean", 0);
      }
      out.writeBoolean(b == 1);
    }
  }
}
