package io.bottledwater.type;

import io.bottledwater.postgres.PgType;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueWriter;
import org.jspecify.annotations.Nullable;

/**
 * Character types, whose send functions give the bytes of the output functions: {@code text},
 * {@code varchar}, {@code bpchar} (padding kept), {@code name} and the extension type {@code
 * citext}. Others that look alike are not here: {@code xml} sends its declared encoding, {@code
 * "char"} a raw byte.
 */
final class TextMapping implements TypeMapping {
  private static final int NAME = 19;
  private static final int TEXT = 25;
  private static final int BPCHAR = 1042;
  private static final int VARCHAR = 1043;

  @Override
  public @Nullable ColumnMapping map(PgType type, int typmod, MappingScope scope) {
    return isCharacterType(type)
        ? new ColumnMapping(ValueType.Simple.STRING, new Copy(), new Copy())
        : null;
  }

  static final class Copy extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      out.writeString(bytes, offset, length);
    }
  }

  private static boolean isCharacterType(PgType type) {
    if (!type.isBuiltIn()) {
      return type.isOf("citext", "citext");
    }
    long oid = type.oid();
    return oid == TEXT || oid == VARCHAR || oid == BPCHAR || oid == NAME;
  }
}
