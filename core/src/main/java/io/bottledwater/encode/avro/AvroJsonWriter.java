package io.bottledwater.encode.avro;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.bottledwater.bytes.ByteSlice;
import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.encode.RowWriter;
import io.bottledwater.encode.json.JsonFloat;
import io.bottledwater.value.JsonString;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.UuidText;

/**
 * Writes the rows of one shape in Avro's JSON encoding. Shapes may have structs in fields, and no
 * lists or maps, which Bottled Water never wrote. One thread only.
 */
final class AvroJsonWriter implements RowWriter {
  private static final int MOST_DEPTH = 8;
  private static final byte[] NULL = "null".getBytes(US_ASCII);
  private static final byte[] TRUE = "true".getBytes(US_ASCII);
  private static final byte[] FALSE = "false".getBytes(US_ASCII);
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(US_ASCII);

  private final AvroJsonSlot row;
  private final ByteWriter out = new ByteWriter(512);
  private final ByteSlice lent = new ByteSlice();
  private final JsonFloat floats = new JsonFloat();

  // The structs around the open one, and at which field each of them is.
  private final AvroJsonSlot[] outer = new AvroJsonSlot[MOST_DEPTH];
  private final int[] outerNext = new int[MOST_DEPTH];
  private final AvroJsonSlot[] outerSlot = new AvroJsonSlot[MOST_DEPTH];
  private int depth;
  private AvroJsonSlot open;
  private int next;

  /** Where the next value goes. */
  private AvroJsonSlot slot;

  AvroJsonWriter(RowShape shape) {
    this.row = AvroJsonSlot.ofRow(shape);
    this.open = row;
    this.slot = row;
  }

  @Override
  public void begin() {
    out.reset();
    out.writeByte('{');
    open = row;
    next = 0;
    depth = 0;
  }

  @Override
  public void field(int index) {
    if (index != next) {
      throw new IllegalStateException("field " + index + " written where " + next + " is due");
    }
    out.writeBytes(open.label(next));
    slot = open.inner(next++);
  }

  @Override
  public ByteSlice lend() {
    if (depth != 0 || next != row.size()) {
      throw new IllegalStateException(next + " of " + row.size() + " fields written");
    }
    out.writeByte('}');
    return lent.set(out.array(), out.position());
  }

  @Override
  public void alternative(int index) {
    slot = slot.inner(index);
  }

  @Override
  public void beginStruct() {
    openTag();
    out.writeByte('{');
    outer[depth] = open;
    outerNext[depth] = next;
    outerSlot[depth] = slot;
    depth++;
    open = slot;
    next = 0;
  }

  @Override
  public void endStruct() {
    if (next != open.size()) {
      throw new IllegalStateException(next + " of " + open.size() + " fields written");
    }
    out.writeByte('}');
    depth--;
    open = outer[depth];
    next = outerNext[depth];
    slot = outerSlot[depth];
    closeTag();
  }

  private void openTag() {
    out.writeBytes(slot.tag());
  }

  private void closeTag() {
    if (slot.tag().length > 0) {
      out.writeByte('}');
    }
  }

  @Override
  public void writeNull() {
    out.writeBytes(NULL);
  }

  @Override
  public void writeBoolean(boolean value) {
    openTag();
    out.writeBytes(value ? TRUE : FALSE);
    closeTag();
  }

  @Override
  public void writeInt(int value) {
    writeLong(value);
  }

  @Override
  public void writeLong(long value) {
    openTag();
    out.writeDigits(value);
    closeTag();
  }

  @Override
  public void writeFloat(float value) {
    openTag();
    floats.write(out, value);
    closeTag();
  }

  @Override
  public void writeDouble(double value) {
    openTag();
    floats.write(out, value);
    closeTag();
  }

  @Override
  public void writeString(byte[] bytes, int offset, int length) {
    openTag();
    JsonString.write(out, bytes, offset, length);
    closeTag();
  }

  /** Each byte as the character of that number; beyond printable ASCII as an escape. */
  @Override
  public void writeBytes(byte[] bytes, int offset, int length) {
    openTag();
    out.writeByte('"');
    for (int i = offset; i < offset + length; i++) {
      int b = bytes[i] & 0xFF;
      if (b == '"' || b == '\\') {
        out.writeByte('\\');
        out.writeByte(b);
      } else if (b >= 0x20 && b < 0x7F) {
        out.writeByte(b);
      } else {
        int at = out.skip(6);
        byte[] target = out.array();
        target[at] = '\\';
        target[at + 1] = 'u';
        target[at + 2] = '0';
        target[at + 3] = '0';
        target[at + 4] = HEX[b >> 4];
        target[at + 5] = HEX[b & 0xF];
      }
    }
    out.writeByte('"');
    closeTag();
  }

  @Override
  public void writeEnum(int ordinal) {
    openTag();
    out.writeBytes(slot.label(ordinal));
    closeTag();
  }

  @Override
  public void writeNumeric(byte[] bytes, int offset, int length) {
    writeString(bytes, offset, length);
  }

  @Override
  public void writeJson(byte[] bytes, int offset, int length) {
    writeString(bytes, offset, length);
  }

  @Override
  public void writeDate(int days) {
    writeLong(days);
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
  public void writeUuid(long mostSignificant, long leastSignificant) {
    openTag();
    out.writeByte('"');
    UuidText.write(out, mostSignificant, leastSignificant);
    out.writeByte('"');
    closeTag();
  }

  @Override
  public void writeDecimal(long unscaled, int scale) {
    throw misplaced();
  }

  @Override
  public void writeDecimal(byte[] unscaled, int scale) {
    throw misplaced();
  }

  @Override
  public void writeInterval(int months, int days, long micros) {
    throw misplaced();
  }

  @Override
  public void beginList(int size) {
    throw misplaced();
  }

  @Override
  public void endList() {
    throw misplaced();
  }

  @Override
  public void beginMap(int size) {
    throw misplaced();
  }

  @Override
  public void key(byte[] bytes, int offset, int length) {
    throw misplaced();
  }

  @Override
  public void endMap() {
    throw misplaced();
  }

  // The row's slots have no place for these: a shape with one has been refused.
  private IllegalStateException misplaced() {
    return new IllegalStateException("field " + (next - 1) + " has another type");
  }
}
