package io.bottledwater.source.snapshot;

import io.bottledwater.bytes.BigEndian;
import io.bottledwater.bytes.ByteReader;
import io.bottledwater.change.Tuple;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Decodes what COPY TO (FORMAT binary) sends (PostgreSQL manual, "COPY", binary format). The server
 * sends one row a message, the header before the first row.
 *
 * <pre>
 * header   "PGCOPY\n\377\r\n\0" flags:int32 extension-length:int32 extension
 * row      n:int16  n * (length:int32 bytes)      length -1 is null
 * trailer  -1:int16
 * </pre>
 *
 * <p>One thread only; one object a COPY.
 */
final class CopyDecoder {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0
  };
  private static final int TRAILER = 0xFFFF;
  private static final int LENGTH_BYTES = 4;

  private final ByteReader in = new ByteReader();
  private final String table;
  private final int columns;
  private final byte[] kinds;
  private boolean headerSeen;
  private boolean trailerSeen;

  CopyDecoder(String table, int columns, BitSet binaryColumns) {
    this.table = table;
    this.columns = columns;
    this.kinds = new byte[columns];
    for (int i = 0; i < columns; i++) {
      kinds[i] = binaryColumns.get(i) ? Tuple.BINARY : Tuple.TEXT;
    }
  }

  /**
   * Decodes one message.
   *
   * @return false when it held no row
   */
  boolean decode(byte[] buffer, int offset, int length, Tuple row) {
    in.wrap(buffer, offset, length);
    try {
      if (!headerSeen) {
        header();
        if (in.remaining() == 0) {
          return false;
        }
      }
      return row(row);
    } catch (ByteReader.UnderflowException e) {
      throw malformed("a row ends early", e);
    }
  }

  /** Whether the data ended as it should. */
  boolean isComplete() {
    return trailerSeen;
  }

  private void header() {
    for (byte expected : SIGNATURE) {
      if (in.readByte() != expected) {
        throw malformed("the signature is wrong", null);
      }
    }
    in.readInt32();
    in.skip(in.readInt32());
    headerSeen = true;
  }

  private boolean row(Tuple row) {
    int count = in.readUnsignedInt16();
    if (count == TRAILER) {
      trailerSeen = true;
      return false;
    }
    if (count != columns || trailerSeen) {
      throw malformed("a row has " + count + " fields", null);
    }
    // Once a field of every row: on its own variables, because a reader's fields would be loaded
    // and
    // stored for each.
    byte[] buffer = in.buffer();
    int at = in.position();
    int left = in.remaining();
    row.begin(buffer, count);
    for (int i = 0; i < count; i++) {
      left -= LENGTH_BYTES;
      if (left < 0) {
        throw malformed("a row ends early", null);
      }
      int length = BigEndian.int32(buffer, at);
      at += LENGTH_BYTES;
      if (length >= 0) {
        left -= length;
        if (left < 0) {
          throw malformed("a row ends early", null);
        }
        row.set(i, kinds[i], at, length);
        at += length;
      } else if (length != -1) {
        throw malformed("a field has a negative length", null);
      }
    }
    if (left != 0) {
      throw malformed(left + " bytes are left over after a row", null);
    }
    return true;
  }

  private BottledWaterException malformed(String what, @Nullable Throwable cause) {
    return new BottledWaterException(
        ErrorCode.WIRE, "COPY of " + table + ": " + what + " (offset " + in.offset() + ").", cause);
  }
}
