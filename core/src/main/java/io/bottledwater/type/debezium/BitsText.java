package io.bottledwater.type.debezium;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.type.ValueDecoder;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.ValueWriter;

/**
 * Text of a bit string as bytes, the lowest bits first, without the zeros that would end them. One
 * thread only.
 */
final class BitsText extends ValueDecoder {
  private static final String FORM = "bit string text";

  private final ByteWriter scratch = new ByteWriter(16);

  @Override
  public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
    scratch.reset();
    int current = 0;
    int used = 0;
    for (int i = 0; i < length; i++) {
      current |= bit(bytes, offset, length - 1 - i) << (i & 7);
      if ((i & 7) == 7 || i == length - 1) {
        scratch.writeByte(current);
        used = current == 0 ? used : scratch.position();
        current = 0;
      }
    }
    out.writeBytes(scratch.array(), 0, used);
  }

  /** Text of a {@code bit(1)}. */
  static final class Single extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      if (length != 1) {
        throw new MalformedValueException(FORM, length);
      }
      out.writeBoolean(bit(bytes, offset, 0) == 1);
    }
  }

  private static int bit(byte[] bytes, int offset, int index) {
    int bit = bytes[offset + index] - '0';
    if (bit < 0 || bit > 1) {
      throw new MalformedValueException(FORM, index);
    }
    return bit;
  }
}
