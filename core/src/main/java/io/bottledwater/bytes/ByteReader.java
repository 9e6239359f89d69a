package io.bottledwater.bytes;

import java.nio.charset.StandardCharsets;

/**
 * Reads big-endian fields from a range of a byte array, with every bound checked. One thread only.
 */
public final class ByteReader {
  private byte[] buffer = new byte[0];
  private int start;
  private int position;
  private int end;

  /** Reads {@code [offset, offset + length)} from now on. */
  public void wrap(byte[] buffer, int offset, int length) {
    this.buffer = buffer;
    this.start = offset;
    this.position = offset;
    this.end = offset + length;
  }

  public byte[] buffer() {
    return buffer;
  }

  /** Position in the array, not in the range. */
  public int position() {
    return position;
  }

  /** Offset in the range, for error messages. */
  public int offset() {
    return position - start;
  }

  public int remaining() {
    return end - position;
  }

  public byte readByte() {
    need(1);
    return buffer[position++];
  }

  public int readUnsignedInt16() {
    need(2);
    int at = position;
    position = at + 2;
    return BigEndian.int16(buffer, at) & 0xFFFF;
  }

  public int readInt32() {
    need(4);
    int at = position;
    position = at + 4;
    return BigEndian.int32(buffer, at);
  }

  public long readInt64() {
    need(8);
    int at = position;
    position = at + 8;
    return BigEndian.int64(buffer, at);
  }

  /** A zero-terminated UTF-8 string. */
  public String readCString() {
    int p = position;
    while (p < end && buffer[p] != 0) {
      p++;
    }
    if (p == end) {
      throw new UnderflowException(offset(), 1);
    }
    String text = new String(buffer, position, p - position, StandardCharsets.UTF_8);
    position = p + 1;
    return text;
  }

  /**
   * Skips a field and returns where it starts in the array.
   *
   * @param length bytes; a negative one is an underflow as well
   */
  public int skip(int length) {
    need(length);
    int at = position;
    position += length;
    return at;
  }

  private void need(int length) {
    if (length < 0 || end - position < length) {
      throw new UnderflowException(offset(), length);
    }
  }

  /** The range ended before the field did. */
  public static final class UnderflowException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int offset;

    UnderflowException(int offset, int wanted) {
      super("wanted " + wanted + " bytes at offset " + offset + ", past the end");
      this.offset = offset;
    }

    public int offset() {
      return offset;
    }
  }
}
