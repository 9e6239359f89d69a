package io.bottledwater.type;

import io.bottledwater.postgres.PgType;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueWriter;
import org.jspecify.annotations.Nullable;

/** {@code uuid}: text in the 8-4-4-4-12 form, binary sixteen bytes. */
final class UuidMapping implements TypeMapping {
  private static final int UUID = 2950;
  private static final int TEXT_LENGTH = 36;

  @Override
  public @Nullable ColumnMapping map(PgType type, int typmod) {
    return type.oid() == UUID
        ? new ColumnMapping(ValueType.Simple.UUID, UuidMapping::text, UuidMapping::binary)
        : null;
  }

  private static void text(byte[] bytes, int offset, int length, ValueWriter out) {
    Wire.requireLength(length, TEXT_LENGTH, "uuid text");
    long most = hex(bytes, offset, 0, 8);
    dash(bytes, offset, 8);
    most = most << 16 | hex(bytes, offset, 9, 4);
    dash(bytes, offset, 13);
    most = most << 16 | hex(bytes, offset, 14, 4);
    dash(bytes, offset, 18);
    long least = hex(bytes, offset, 19, 4);
    dash(bytes, offset, 23);
    least = least << 48 | hex(bytes, offset, 24, 12);
    out.writeUuid(most, least);
  }

  private static void binary(byte[] bytes, int offset, int length, ValueWriter out) {
    Wire.requireLength(length, 16, "uuid");
    out.writeUuid(Wire.int64(bytes, offset), Wire.int64(bytes, offset + 8));
  }

  private static long hex(byte[] bytes, int offset, int from, int count) {
    long value = 0;
    int bad = 0;
    for (int i = offset + from; i < offset + from + count; i++) {
      int digit = Hex.digit(bytes[i]);
      bad |= digit;
      value = value << 4 | digit & 0xF;
    }
    if (bad < 0) {
      throw new MalformedValueException("uuid text", from);
    }
    return value;
  }

  private static void dash(byte[] bytes, int offset, int at) {
    if (bytes[offset + at] != '-') {
      throw new MalformedValueException("uuid text", at);
    }
  }
}
