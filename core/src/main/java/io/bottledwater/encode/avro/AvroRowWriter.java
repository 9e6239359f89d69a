package io.bottledwater.encode.avro;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.encode.RowWriter;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.UuidText;

/**
 * Avro's binary encoding of one row:
 *
 * <pre>
 *  0   1           5
 *  +---+-----------+--------+-------+--------+-------+--
 *  | 0 | schema id | branch | value | branch | value | ...
 *  +---+-----------+--------+-------+--------+-------+--
 * </pre>
 *
 * The branch, 0 for null and 1 for a value, stands before fields that are not required only. One
 * thread only.
 */
final class AvroRowWriter implements RowWriter {
  private static final int MAGIC = 0;
  private static final int NULL_BRANCH = 0;
  private static final int VALUE_BRANCH = 2;

  private final int schemaId;
  private final boolean[] required;
  private final ByteWriter out = new ByteWriter(512);
  private int next;

  AvroRowWriter(RowShape shape, int schemaId) {
    this.schemaId = schemaId;
    this.required = new boolean[shape.fields().size()];
    for (int i = 0; i < required.length; i++) {
      required[i] = shape.fields().get(i).required();
    }
  }

  @Override
  public void begin() {
    out.reset();
    out.writeByte(MAGIC);
    out.writeInt32(schemaId);
    next = 0;
  }

  @Override
  public void field(int index) {
    if (index != next) {
      throw new IllegalStateException("field " + index + " written where " + next + " is due");
    }
    next++;
  }

  @Override
  public byte[] finish() {
    if (next != required.length) {
      throw new IllegalStateException(next + " of " + required.length + " fields written");
    }
    return out.toByteArray();
  }

  @Override
  public void writeNull() {
    if (required[next - 1]) {
      throw new IllegalStateException("null in required field " + (next - 1));
    }
    out.writeByte(NULL_BRANCH);
  }

  @Override
  public void writeBoolean(boolean value) {
    branch();
    out.writeByte(value ? 1 : 0);
  }

  @Override
  public void writeInt(int value) {
    branch();
    out.writeZigZag(value);
  }

  @Override
  public void writeLong(long value) {
    branch();
    out.writeZigZag(value);
  }

  @Override
  public void writeFloat(float value) {
    branch();
    out.writeInt32LittleEndian(Float.floatToIntBits(value));
  }

  @Override
  public void writeDouble(double value) {
    branch();
    out.writeInt64LittleEndian(Double.doubleToLongBits(value));
  }

  @Override
  public void writeString(byte[] bytes, int offset, int length) {
    branch();
    out.writeZigZag(length);
    out.writeBytes(bytes, offset, length);
  }

  @Override
  public void writeBytes(byte[] bytes, int offset, int length) {
    writeString(bytes, offset, length);
  }

  @Override
  public void writeNumeric(byte[] bytes, int offset, int length) {
    writeString(bytes, offset, length);
  }

  @Override
  public void writeJson(byte[] bytes, int offset, int length) {
    writeString(bytes, offset, length);
  }

  /** Big-endian two's complement with as few bytes as hold the sign. */
  @Override
  public void writeDecimal(long unscaled, int scale) {
    branch();
    int signBits = Long.numberOfLeadingZeros(unscaled < 0 ? ~unscaled : unscaled);
    int length = (Long.SIZE - signBits) / 8 + 1;
    out.writeZigZag(length);
    for (int shift = (length - 1) * 8; shift >= 0; shift -= 8) {
      out.writeByte((int) (unscaled >> shift));
    }
  }

  @Override
  public void writeDecimal(byte[] unscaled, int scale) {
    writeString(unscaled, 0, unscaled.length);
  }

  @Override
  public void writeDate(int days) {
    writeInt(days);
  }

  @Override
  public void writeTime(long micros) {
    writeLong(micros);
  }

  @Override
  public void writeTimestamp(long micros) {
    writeLong(micros);
  }

  @Override
  public void writeTimestampTz(long micros) {
    writeLong(micros);
  }

  @Override
  public void writeInterval(int months, int days, long micros) {
    branch();
    out.writeZigZag(months);
    out.writeZigZag(days);
    out.writeZigZag(micros);
  }

  @Override
  public void writeUuid(long mostSignificant, long leastSignificant) {
    branch();
    out.writeZigZag(UuidText.LENGTH);
    UuidText.write(out, mostSignificant, leastSignificant);
  }

  private void branch() {
    if (!required[next - 1]) {
      out.writeByte(VALUE_BRANCH);
    }
  }
}
