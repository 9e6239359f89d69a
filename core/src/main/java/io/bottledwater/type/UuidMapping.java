package io.bottledwater.type;

import io.bottledwater.bytes.BigEndian;
import io.bottledwater.bytes.HexWord;
import io.bottledwater.postgres.PgType;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueWriter;
import org.jspecify.annotations.Nullable;

/** {@code uuid}: text in the 8-4-4-4-12 form, lower case, binary sixteen bytes. */
final class UuidMapping implements TypeMapping {
  private static final int UUID = 2950;
  private static final int TEXT_LENGTH = 36;

  @Override
  public @Nullable ColumnMapping map(PgType type, int typmod, MappingScope scope) {
    return type.oid() == UUID
        ? new ColumnMapping(ValueType.Simple.UUID, new Text(), new Binary())
        : null;
  }

  private static final class Text extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      Wire.requireLength(length, TEXT_LENGTH, "uuid text");
      dash(bytes, offset, 8);
      dash(bytes, offset, 13);
      dash(bytes, offset, 18);
      dash(bytes, offset, 23);
      long first = digits(HexWord.read(bytes, offset), 0);
      long second = digits(HexWord.readAroundDash(bytes, offset + 9), 9);
      long third = digits(HexWord.readAroundDash(bytes, offset + 19), 19);
      long fourth = digits(HexWord.read(bytes, offset + 28), 28);
      out.writeUuid(first << 32 | second, third << 32 | fourth);
    }
  }

  private static final class Binary extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      Wire.requireLength(length, 16, "uuid");
      out.writeUuid(BigEndian.int64(bytes, offset), BigEndian.int64(bytes, offset + 8));
    }
  }

  private static long digits(long value, int at) {
    if (value < 0) {
      throw new MalformedValueException("uuid text", at);
    }
    return value;
  }

  private static void dash(byte[] bytes, int offset, int at) {
    if (bytes[offset + at] != '-') {
      throw new MalformedValueException("uuid text", at);
    }
  }
}
