package io.bottledwater.bytes;

import java.util.Arrays;

/** A growable output buffer, reused from row to row. One thread only. */
public final class ByteWriter {
  private byte[] buffer;
  private int position;

  public ByteWriter(int initialCapacity) {
    this.buffer = new byte[initialCapacity];
  }

  public void reset() {
    position = 0;
  }

  public int position() {
    return position;
  }

  /** The backing array; valid until the next write. */
  public byte[] array() {
    return buffer;
  }

  public void writeByte(int value) {
    ensure(1);
    buffer[position++] = (byte) value;
  }

  public void writeBytes(byte[] source, int offset, int length) {
    ensure(length);
    System.arraycopy(source, offset, buffer, position, length);
    position += length;
  }

  public void writeBytes(byte[] source) {
    writeBytes(source, 0, source.length);
  }

  /** Big-endian, four bytes. */
  public void writeInt32(int value) {
    ensure(4);
    buffer[position++] = (byte) (value >>> 24);
    buffer[position++] = (byte) (value >>> 16);
    buffer[position++] = (byte) (value >>> 8);
    buffer[position++] = (byte) value;
  }

  /** Little-endian, four bytes. */
  public void writeInt32LittleEndian(int value) {
    writeInt32(Integer.reverseBytes(value));
  }

  /** Little-endian, eight bytes. */
  public void writeInt64LittleEndian(long value) {
    writeInt32(Integer.reverseBytes((int) value));
    writeInt32(Integer.reverseBytes((int) (value >>> 32)));
  }

  /** Zig-zag, then base-128 varint, as in Avro and Protobuf: at most ten bytes. */
  public void writeZigZag(long value) {
    ensure(10);
    long v = (value << 1) ^ (value >> 63);
    while ((v & ~0x7FL) != 0) {
      buffer[position++] = (byte) ((v & 0x7F) | 0x80);
      v >>>= 7;
    }
    buffer[position++] = (byte) v;
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(buffer, position);
  }

  private void ensure(int more) {
    if (buffer.length - position < more) {
      grow(more);
    }
  }

  private void grow(int more) {
    long wanted = Math.max((long) buffer.length * 2, (long) position + more);
    buffer = Arrays.copyOf(buffer, (int) Math.min(wanted, Integer.MAX_VALUE - 8L));
  }
}
