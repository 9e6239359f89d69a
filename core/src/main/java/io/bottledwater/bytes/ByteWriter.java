package io.bottledwater.bytes;

import java.nio.BufferOverflowException;
import java.util.Arrays;

/**
 * A growable output buffer, reused from row to row. One thread only.
 *
 * <p>Holds at most two gibibytes: what does not fit gives a {@link BufferOverflowException}.
 */
public final class ByteWriter {
  /** One huge row must not hold its memory for ever. */
  private static final int KEPT_CAPACITY = 1 << 20;

  private static final int MAX_CAPACITY = Integer.MAX_VALUE - 8;
  private static final int MAX_LONG_DIGITS = 20;

  private final int initialCapacity;
  private byte[] buffer;
  private int position;

  public ByteWriter(int initialCapacity) {
    this.initialCapacity = initialCapacity;
    this.buffer = new byte[initialCapacity];
  }

  public void reset() {
    position = 0;
    if (isHuge()) {
      buffer = new byte[initialCapacity];
    }
  }

  /**
   * Goes back to behind the first {@code kept} bytes, which stay.
   *
   * @return false when they are not there: nothing is then
   */
  public boolean rewind(int kept) {
    if (position < kept || isHuge()) {
      reset();
      return false;
    }
    position = kept;
    return true;
  }

  private boolean isHuge() {
    return buffer.length > KEPT_CAPACITY && buffer.length > initialCapacity;
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
    byte[] target = buffer;
    int at = position;
    target[at] = (byte) (value >> 24);
    target[at + 1] = (byte) (value >> 16);
    target[at + 2] = (byte) (value >> 8);
    target[at + 3] = (byte) value;
    position = at + 4;
  }

  /** Little-endian, four bytes. */
  public void writeInt32LittleEndian(int value) {
    writeInt32(Integer.reverseBytes(value));
  }

  /** Little-endian, eight bytes. */
  public void writeInt64LittleEndian(long value) {
    writeBigEndian(Long.reverseBytes(value), 8);
  }

  /** The lowest {@code count} bytes of a value, the highest of them first. */
  public void writeBigEndian(long value, int count) {
    ensure(count);
    int at = position + count;
    position = at;
    long rest = value;
    for (int i = 0; i < count; i++) {
      buffer[--at] = (byte) rest;
      rest >>= 8;
    }
  }

  /** Zig-zag, then base-128 varint, as in Avro and Protobuf: at most ten bytes. */
  public void writeZigZag(long value) {
    ensure(10);
    byte[] target = buffer;
    int at = position;
    long v = (value << 1) ^ (value >> 63);
    while ((v & ~0x7FL) != 0) {
      target[at++] = (byte) ((v & 0x7F) | 0x80);
      v >>>= 7;
    }
    target[at++] = (byte) v;
    position = at;
  }

  /** Base-128 varint of the unsigned value, as in Protobuf: at most ten bytes. */
  public void writeVarint(long value) {
    ensure(10);
    long v = value;
    while ((v & ~0x7FL) != 0) {
      buffer[position++] = (byte) ((v & 0x7F) | 0x80);
      v >>>= 7;
    }
    buffer[position++] = (byte) v;
  }

  /**
   * Fills in the length of what was written since {@code start} as a varint. Its first byte is the
   * one before {@code start}, for which room was left; a longer one moves the content.
   */
  public void patchVarintLength(int start) {
    int length = position - start;
    int more = (31 - Integer.numberOfLeadingZeros(length | 1)) / 7;
    if (more > 0) {
      skip(more);
      System.arraycopy(buffer, start, buffer, start + more, length);
    }
    int at = start - 1;
    int rest = length;
    while (rest > 0x7F) {
      buffer[at++] = (byte) ((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    buffer[at] = (byte) rest;
  }

  /** Decimal digits in ASCII, with a minus sign where negative, without leading zeros. */
  public void writeDigits(long value) {
    ensure(MAX_LONG_DIGITS);
    // Counted downwards from zero, because the least long has no positive counterpart.
    long rest = value < 0 ? value : -value;
    if (value < 0) {
      buffer[position++] = '-';
    }
    int digits = 1;
    for (long bound = -10; digits < 19 && rest <= bound; bound *= 10) {
      digits++;
    }
    int at = position + digits;
    position = at;
    while (rest <= -10) {
      long quotient = rest / 10;
      buffer[--at] = (byte) ('0' + (quotient * 10 - rest));
      rest = quotient;
    }
    buffer[--at] = (byte) ('0' - rest);
  }

  /** The lowest {@code width} decimal digits of a value that is not negative, zeros in front. */
  public void writePadded(long value, int width) {
    ensure(width);
    long rest = value;
    for (int at = position + width - 1; at >= position; at--) {
      long quotient = rest / 10;
      buffer[at] = (byte) ('0' + (rest - quotient * 10));
      rest = quotient;
    }
    position += width;
  }

  /** The same byte {@code count} times. */
  public void writeRepeated(int value, int count) {
    ensure(count);
    Arrays.fill(buffer, position, position + count, (byte) value);
    position += count;
  }

  /**
   * Puts a decimal point into the digits from {@code start} to the end, so that {@code places} of
   * them stand after it; zeros are put in front where digits are missing.
   */
  public void insertPoint(int start, int places) {
    if (places == 0) {
      return;
    }
    int digits = position - start;
    int missing = Math.max(0, places + 1 - digits);
    skip(missing + 1);
    System.arraycopy(buffer, start, buffer, start + missing, digits);
    Arrays.fill(buffer, start, start + missing, (byte) '0');
    int point = position - 1 - places;
    System.arraycopy(buffer, point, buffer, point + 1, places);
    buffer[point] = '.';
  }

  /** Makes room for {@code length} bytes and passes over them; the caller fills the array. */
  public int skip(int length) {
    ensure(length);
    int start = position;
    position += length;
    return start;
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
    long needed = (long) position + more;
    if (needed > MAX_CAPACITY) {
      throw new BufferOverflowException();
    }
    long wanted = Math.max((long) buffer.length * 2, needed);
    buffer = Arrays.copyOf(buffer, (int) Math.min(wanted, MAX_CAPACITY));
  }
}
