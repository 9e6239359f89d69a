package io.bottledwater.type;

import io.bottledwater.postgres.PgType;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueWriter;
import org.jspecify.annotations.Nullable;

/** {@code json} and {@code jsonb}: the document's text; binary jsonb has a version byte before. */
final class JsonMapping implements TypeMapping {
  private static final int JSON = 114;
  private static final int JSONB = 3802;
  private static final int JSONB_VERSION = 1;

  @Override
  public @Nullable ColumnMapping map(PgType type, int typmod, MappingScope scope) {
    if (type.oid() == JSON) {
      return new ColumnMapping(ValueType.Simple.JSON, new Text(), new Text());
    }
    if (type.oid() == JSONB) {
      return new ColumnMapping(ValueType.Simple.JSON, new Text(), new JsonbBinary());
    }
    return null;
  }

  private static final class Text extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      if (length == 0) {
        throw new MalformedValueException("json text", 0);
      }
      out.writeJson(bytes, offset, length);
    }
  }

  private static final class JsonbBinary extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      if (length < 2 || bytes[offset] != JSONB_VERSION) {
        throw new MalformedValueException("jsonb of version 1", 0);
      }
      out.writeJson(bytes, offset + 1, length - 1);
    }
  }
}
