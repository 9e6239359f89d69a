package io.bottledwater.type;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.postgres.PgType;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueWriter;
import org.jspecify.annotations.Nullable;

/**
 * {@code bytea}: text in the hex form {@code \x...}, binary as is. The escape form of {@code
 * bytea_output = 'escape'} is refused: sessions are opened with {@code hex}.
 */
final class ByteaMapping implements TypeMapping {
  private static final int BYTEA = 17;

  @Override
  public @Nullable ColumnMapping map(PgType type, int typmod, MappingScope scope) {
    return type.oid() == BYTEA
        ? new ColumnMapping(ValueType.Simple.BYTES, new HexDecoder(), new Copy())
        : null;
  }

  private static final class Copy extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      out.writeBytes(bytes, offset, length);
    }
  }

  private static final class HexDecoder extends ValueDecoder {
    private final ByteWriter scratch = new ByteWriter(256);

    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      if (length < 2 || bytes[offset] != '\\' || bytes[offset + 1] != 'x') {
        throw new MalformedValueException("bytea text in hex form", 0);
      }
      scratch.reset();
      Hex.decode(bytes, offset + 2, length - 2, scratch, "bytea text in hex form");
      out.writeBytes(scratch.array(), 0, scratch.position());
    }
  }
}
