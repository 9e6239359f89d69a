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
  public @Nullable ColumnMapping map(PgType type, int typmod) {
    return type.oid() == BYTEA
        ? new ColumnMapping(
            ValueType.Simple.BYTES,
            new HexDecoder(),
            (bytes, offset, length, out) -> out.writeBytes(bytes, offset, length))
        : null;
  }

  private static final class HexDecoder implements ValueDecoder {
    private final ByteWriter scratch = new ByteWriter(256);

    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      if (length < 2 || bytes[offset] != '\\' || bytes[offset + 1] != 'x') {
        throw new MalformedValueException("bytea text in hex form", 0);
      }
      if ((length & 1) != 0) {
        throw new MalformedValueException("bytea text in hex form", length);
      }
      scratch.reset();
      int count = (length - 2) / 2;
      scratch.skip(count);
      byte[] target = scratch.array();
      int from = offset + 2;
      for (int i = 0; i < count; i++) {
        int value = Hex.digit(bytes[from + 2 * i]) << 4 | Hex.digit(bytes[from + 2 * i + 1]);
        if (value < 0) {
          throw new MalformedValueException("bytea text in hex form", 2 + 2 * i);
        }
        target[i] = (byte) value;
      }
      out.writeBytes(target, 0, count);
    }
  }
}
