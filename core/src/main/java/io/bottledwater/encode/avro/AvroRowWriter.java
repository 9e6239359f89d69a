package io.bottledwater.encode.avro;

import io.bottledwater.bytes.ByteSlice;
import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.encode.RowWriter;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.UuidText;
import java.util.Arrays;

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
 * The branch, 0 for null and from 1 for a value, stands before places that are not required only.
 * Lists and maps are one block. One thread only.
 */
final class AvroRowWriter implements RowWriter {
  private static final int MAGIC = 0;
  private static final int PREFIX_BYTES = 5;
  private static final int NULL_BRANCH = 0;
  private static final int VALUE_BRANCH = 2;
  private static final int END_OF_BLOCKS = 0;

  private final int schemaId;
  private final AvroSlot row;
  private final ByteWriter out = new ByteWriter(512);
  private final ByteSlice lent = new ByteSlice();

  // What is open: the struct, list or map whose places are being filled, and those around it.
  private AvroSlot open;
  private int next;
  private AvroSlot[] outer = new AvroSlot[4];
  private int[] outerNext = new int[4];
  private int depth;

  /** Where the next value goes. */
  private AvroSlot slot;

  AvroRowWriter(RowShape shape, int schemaId) {
    this.schemaId = schemaId;
    this.row = AvroSlot.ofRow(shape);
    this.open = row;
    this.slot = row;
  }

  @Override
  public void begin() {
    if (!out.rewind(PREFIX_BYTES)) {
      out.writeByte(MAGIC);
      out.writeInt32(schemaId);
    }
    open = row;
    depth = 0;
    next = 0;
  }

  @Override
  public void field(int index) {
    if (index != next) {
      throw new IllegalStateException("field " + index + " written where " + next + " is due");
    }
    slot = open.inner(next++);
  }

  @Override
  public ByteSlice lend() {
    if (depth != 0 || next != row.size()) {
      throw new IllegalStateException(next + " of " + row.size() + " fields written");
    }
    return lent.set(out.array(), out.position());
  }

  @Override
  public void beginStruct() {
    branch();
    enter();
    next = 0;
  }

  @Override
  public void endStruct() {
    if (next != open.size()) {
      throw new IllegalStateException(next + " of " + open.size() + " fields written");
    }
    leave();
  }

  @Override
  public void beginList(int size) {
    branch();
    if (size > 0) {
      out.writeZigZag(size);
    }
    enter();
    slot = open.inner(0);
  }

  @Override
  public void endList() {
    out.writeByte(END_OF_BLOCKS);
    leave();
  }

  @Override
  public void beginMap(int size) {
    beginList(size);
  }

  @Override
  public void key(byte[] bytes, int offset, int length) {
    out.writeZigZag(length);
    out.writeBytes(bytes, offset, length);
  }

  @Override
  public void endMap() {
    endList();
  }

  @Override
  public void alternative(int index) {
    AvroSlot place = place();
    out.writeZigZag(place.isRequired() ? index : index + 1);
    slot = place.inner(index);
  }

  @Override
  public void writeEnum(int ordinal) {
    branch();
    out.writeZigZag(ordinal);
  }

  private void enter() {
    if (depth == outer.length) {
      outer = Arrays.copyOf(outer, depth * 2);
      outerNext = Arrays.copyOf(outerNext, depth * 2);
    }
    outer[depth] = open;
    outerNext[depth] = next;
    depth++;
    open = slot;
  }

  private void leave() {
    depth--;
    open = outer[depth];
    next = outerNext[depth];
    slot = place();
  }

  /** In a list or map every value goes to the same place. */
  private AvroSlot place() {
    return open.isRepeated() ? open.inner(0) : slot;
  }

  @Override
  public void writeNull() {
    if (place().isRequired()) {
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
    int length = 1;
    // What is left of it when it is positive: a byte holds seven bits and the sign.
    long rest = (unscaled ^ (unscaled >> 63)) >>> 7;
    while (rest != 0) {
      rest >>>= 8;
      length++;
    }
    out.writeZigZag(length);
    out.writeBigEndian(unscaled, length);
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
    if (!slot.isRequired()) {
      out.writeByte(VALUE_BRANCH);
    }
  }
}
