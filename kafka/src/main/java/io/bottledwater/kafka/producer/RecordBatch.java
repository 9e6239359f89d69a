package io.bottledwater.kafka.producer;

import io.bottledwater.bytes.ByteSlice;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A record batch of message format 2, written into one array.
 *
 * <pre>
 *    0 base offset 8        0, set by the broker
 *    8 batch length 4       of what follows
 *   12 leader epoch 4       -1
 *   16 magic 1              2
 *   17 CRC-32C 4            of everything after it
 *   21 attributes 2         bits 0-2 compression, bit 4 transactional
 *   23 last offset delta 4
 *   27 base timestamp 8     of the first record
 *   35 max timestamp 8
 *   43 producer id 8
 *   51 producer epoch 2
 *   53 base sequence 4
 *   57 record count 4
 *   61 records              compressed all together
 *
 *   record: length v, attributes 1, timestamp delta v, offset delta v,
 *           key length v, key, value length v, value, header count v,
 *           headers: name length v, name, value length v, value
 *   v = zig-zag varint; length -1 is null
 * </pre>
 *
 * <p>One thread. The array belongs to the batch until {@link #bytes()} is taken back from it.
 *
 * <p>Source: Kafka's documentation, "Message format"; KIP-98.
 */
final class RecordBatch {
  static final int HEADER_BYTES = 61;

  // Of a record, beside key, value and headers: five varints and the attributes.
  private static final int RECORD_OVERHEAD_BYTES = 5 + 1 + 10 + 5 + 5 + 5;
  private static final int LENGTH_AT = 8;
  private static final int LENGTH_COVERS_FROM = 12;
  private static final int CRC_AT = 17;
  private static final int CRC_COVERS_FROM = 21;
  private static final byte MAGIC = 2;
  private static final int TRANSACTIONAL = 0x10;

  private final CRC32C crc = new CRC32C();
  private byte[] bytes;
  private int position = HEADER_BYTES;
  private int count;
  private long baseTimestamp;
  private long maxTimestamp;

  RecordBatch(byte[] bytes) {
    this.bytes = bytes;
  }

  /** At most so many bytes are added by a record. */
  static int bound(byte @Nullable [] key, @Nullable ByteSlice value, int headersLength) {
    return RECORD_OVERHEAD_BYTES
        + (key == null ? 0 : key.length)
        + (value == null ? 0 : value.length())
        + headersLength;
  }

  int size() {
    return position;
  }

  int count() {
    return count;
  }

  int capacity() {
    return bytes.length;
  }

  byte[] bytes() {
    return bytes;
  }

  /**
   * Goes on in a larger array.
   *
   * @return the one it was in
   */
  byte[] moveTo(byte[] larger) {
    byte[] before = bytes;
    System.arraycopy(before, 0, larger, 0, position);
    bytes = larger;
    return before;
  }

  /** Puts the compressed records, which are shorter, in the place of the records. */
  void replaceRecords(byte[] compressed, int offset, int length) {
    System.arraycopy(compressed, offset, bytes, HEADER_BYTES, length);
    position = HEADER_BYTES + length;
  }

  /**
   * Adds a record; the array must have room for {@link #bound}.
   *
   * @param headers the record's headers as they stand in the batch, the count first
   */
  void append(
      long timestampMillis,
      byte @Nullable [] key,
      @Nullable ByteSlice value,
      byte[] headers,
      int headersLength) {
    if (count == 0) {
      baseTimestamp = timestampMillis;
      maxTimestamp = timestampMillis;
    } else if (timestampMillis > maxTimestamp) {
      maxTimestamp = timestampMillis;
    }
    long timestampDelta = timestampMillis - baseTimestamp;
    int keyLength = key == null ? -1 : key.length;
    int valueLength = value == null ? -1 : value.length();
    int length =
        1
            + size(timestampDelta)
            + size(count)
            + size(keyLength)
            + Math.max(0, keyLength)
            + size(valueLength)
            + Math.max(0, valueLength)
            + headersLength;
    byte[] b = bytes;
    int p = put(b, position, length);
    b[p++] = 0;
    p = put(b, p, timestampDelta);
    p = put(b, p, count);
    p = put(b, p, keyLength);
    if (key != null) {
      System.arraycopy(key, 0, b, p, keyLength);
      p += keyLength;
    }
    p = put(b, p, valueLength);
    if (value != null) {
      System.arraycopy(value.array(), 0, b, p, valueLength);
      p += valueLength;
    }
    System.arraycopy(headers, 0, b, p, headersLength);
    position = p + headersLength;
    count++;
  }

  /**
   * Writes the header; nothing can be added afterwards.
   *
   * @param compression Kafka's number of the codec with which the records have been compressed
   */
  void seal(
      int compression, boolean transactional, long producerId, short epoch, int baseSequence) {
    ByteBuffer header = ByteBuffer.wrap(bytes, 0, HEADER_BYTES);
    header.putLong(0L);
    header.putInt(position - LENGTH_COVERS_FROM);
    header.putInt(-1);
    header.put(MAGIC);
    header.putInt(0);
    header.putShort((short) (compression | (transactional ? TRANSACTIONAL : 0)));
    header.putInt(count - 1);
    header.putLong(baseTimestamp);
    header.putLong(maxTimestamp);
    header.putLong(producerId);
    header.putShort(epoch);
    header.putInt(baseSequence);
    header.putInt(count);
    crc.reset();
    crc.update(bytes, CRC_COVERS_FROM, position - CRC_COVERS_FROM);
    header.putInt(CRC_AT, (int) crc.getValue());
    assert header.getInt(LENGTH_AT) == position - LENGTH_COVERS_FROM;
  }

  /** What {@link #seal} has made, as the request takes it. */
  ByteBuffer sealed() {
    return ByteBuffer.wrap(bytes, 0, position);
  }

  /** How long a varint is. */
  static int size(long value) {
    long rest = ((value << 1) ^ (value >> 63)) >>> 7;
    int size = 1;
    while (rest != 0) {
      rest >>>= 7;
      size++;
    }
    return size;
  }

  /**
   * Writes a varint.
   *
   * @return the position after it
   */
  static int put(byte[] b, int at, long value) {
    long zigZag = (value << 1) ^ (value >> 63);
    int p = at;
    while ((zigZag & ~0x7FL) != 0) {
      b[p++] = (byte) (zigZag | 0x80);
      zigZag >>>= 7;
    }
    b[p++] = (byte) zigZag;
    return p;
  }
}
