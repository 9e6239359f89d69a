package io.bottledwater.source.stream;

import io.bottledwater.bytes.ByteReader;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.source.copy.CopyMessages;
import org.jspecify.annotations.Nullable;

/**
 * Finds the two fields of each row in what COPY (FORMAT binary) sends: a message of the output
 * plugin, and where what it says stands in the WAL. The server sends one row a message, the header
 * before the first.
 *
 * <pre>
 * header   "PGCOPY\n\377\r\n\0" flags:int32 extension-length:int32 extension
 * row      2:int16 8:int32 LSN:int64 length:int32 bytes
 * trailer  -1:int16
 * </pre>
 *
 * <p>One thread only; one object a COPY.
 */
final class CopiedMessages {
  private static final int SIGNATURE_BYTES = 11;
  private static final int TRAILER = 0xFFFF;
  private static final int LSN_BYTES = 8;

  private final ByteReader in = new ByteReader();
  private boolean headerSeen;
  private boolean trailerSeen;
  private int offset;
  private int length;
  private long lsn;

  /**
   * Looks into one message of the COPY.
   *
   * @return whether it held a row
   */
  boolean find(CopyMessages copy) {
    in.wrap(copy.buffer(), copy.offset(), copy.length());
    try {
      if (!headerSeen) {
        in.skip(SIGNATURE_BYTES);
        in.readInt32();
        in.skip(in.readInt32());
        headerSeen = true;
      }
      int count = in.readUnsignedInt16();
      if (count == TRAILER) {
        trailerSeen = true;
        return false;
      }
      if (count != 2 || trailerSeen || in.readInt32() != LSN_BYTES) {
        throw malformed(null);
      }
      lsn = in.readInt64();
      length = in.readInt32();
      offset = in.skip(length);
      if (in.remaining() != 0) {
        throw malformed(null);
      }
      return true;
    } catch (ByteReader.UnderflowException e) {
      throw malformed(e);
    }
  }

  int offset() {
    return offset;
  }

  int length() {
    return length;
  }

  long lsn() {
    return lsn;
  }

  /** Whether the data ended as it should. */
  boolean isComplete() {
    return trailerSeen;
  }

  private BottledWaterException malformed(@Nullable Throwable cause) {
    return new BottledWaterException(
        ErrorCode.WIRE,
        "COPY of a backlog: a row is malformed (offset " + in.offset() + ").",
        cause);
  }
}
