package io.bottledwater.type;

import io.bottledwater.bytes.BigEndian;
import io.bottledwater.postgres.PgType;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueWriter;
import org.jspecify.annotations.Nullable;

/** {@code real} and {@code double precision}, NaN and the infinities included. */
final class FloatMapping implements TypeMapping {
  private static final int FLOAT4 = 700;
  private static final int FLOAT8 = 701;

  @Override
  public @Nullable ColumnMapping map(PgType type, int typmod, MappingScope scope) {
    if (type.oid() == FLOAT4) {
      return new ColumnMapping(ValueType.Simple.FLOAT, new Float4Text(), new Float4Binary());
    }
    if (type.oid() == FLOAT8) {
      return new ColumnMapping(ValueType.Simple.DOUBLE, new Float8Text(), new Float8Binary());
    }
    return null;
  }

  private static final class Float4Text extends ValueDecoder {
    private final FloatText text = new FloatText("float4 text");

    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      out.writeFloat(text.parseFloat(bytes, offset, length));
    }
  }

  private static final class Float8Text extends ValueDecoder {
    private final FloatText text = new FloatText("float8 text");

    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      out.writeDouble(text.parseDouble(bytes, offset, length));
    }
  }

  private static final class Float4Binary extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      Wire.requireLength(length, 4, "float4");
      out.writeFloat(Float.intBitsToFloat(BigEndian.int32(bytes, offset)));
    }
  }

  private static final class Float8Binary extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      Wire.requireLength(length, 8, "float8");
      out.writeDouble(Double.longBitsToDouble(BigEndian.int64(bytes, offset)));
    }
  }
}
