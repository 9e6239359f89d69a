package io.bottledwater.encode.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.bottledwater.bytes.ByteSlice;
import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.encode.RowWriter;
import io.bottledwater.value.CivilTime;
import io.bottledwater.value.JsonString;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.UuidText;
import java.math.BigInteger;
import java.util.Arrays;

/** Writes the rows of one shape as JSON objects. One thread only. */
class JsonRowWriter implements RowWriter {
  private static final byte[] NULL = "null".getBytes(US_ASCII);
  private static final byte[] TRUE = "true".getBytes(US_ASCII);
  private static final byte[] FALSE = "false".getBytes(US_ASCII);

  private static final int MAGIC = 0;

  private final JsonSlot row;
  private final boolean framed;
  private final int schemaId;
  private final ByteWriter out = new ByteWriter(512);
  private final ByteSlice lent = new ByteSlice();
  private final JsonFloat floats = new JsonFloat();

  // What is open: the struct, list or map whose places are being filled, and those around it.
  private JsonSlot open;
  private int next;
  private JsonSlot[] outer = new JsonSlot[4];
  private int[] outerNext = new int[4];
  private int depth;

  /** Where the next value goes. */
  private JsonSlot slot;

  /** Writes objects alone. */
  JsonRowWriter(RowShape shape) {
    this(shape, false, 0);
  }

  /** Writes a zero byte and the id before each object. */
  JsonRowWriter(RowShape shape, int schemaId) {
    this(shape, true, schemaId);
  }

  private JsonRowWriter(RowShape shape, boolean framed, int schemaId) {
    this.framed = framed;
    this.schemaId = schemaId;
    this.row = JsonSlot.ofRow(shape);
    this.open = row;
    this.slot = row;
  }

  @Override
  public void begin() {
    out.reset();
    if (framed) {
      out.writeByte(MAGIC);
      out.writeInt32(schemaId);
    }
    out.writeByte('{');
    open = row;
    depth = 0;
    next = 0;
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
  public void beginStruct() {
    enter('{');
  }

  @Override
  public void endStruct() {
    if (next != open.size()) {
      throw new IllegalStateException(next + " of " + open.size() + " fields written");
    }
    leave('}');
  }

  @Override
  public void beginList(int size) {
    enter('[');
  }

  @Override
  public void endList() {
    leave(']');
  }

  @Override
  public void beginMap(int size) {
    enter('{');
  }

  @Override
  public void key(byte[] bytes, int offset, int length) {
    if (next++ > 0) {
      out.writeByte(',');
    }
    JsonString.write(out, bytes, offset, length);
    out.writeByte(':');
  }

  @Override
  public void endMap() {
    leave('}');
  }

  /** JSON does not say which it is. */
  @Override
  public void alternative(int index) {
    slot = place().inner(index);
  }

  @Override
  public void writeEnum(int ordinal) {
    element();
    out.writeBytes(slot.label(ordinal));
  }

  private void enter(int bracket) {
    element();
    out.writeByte(bracket);
    if (depth == outer.length) {
      outer = Arrays.copyOf(outer, depth * 2);
      outerNext = Arrays.copyOf(outerNext, depth * 2);
    }
    outer[depth] = open;
    outerNext[depth] = next;
    depth++;
    open = slot;
    next = 0;
    slot = place();
  }

  private void leave(int bracket) {
    out.writeByte(bracket);
    depth--;
    open = outer[depth];
    next = outerNext[depth];
    slot = place();
  }

  /** In a list or map every value goes to the same place. */
  private JsonSlot place() {
    return open.isRepeated() ? open.inner(0) : slot;
  }

  /** Before each value: in a list, the comma after the one before. */
  final ByteWriter element() {
    if (open.isList() && next++ > 0) {
      out.writeByte(',');
    }
    return out;
  }

  @Override
  public void writeNull() {
    element();
    out.writeBytes(NULL);
  }

  @Override
  public void writeBoolean(boolean value) {
    element();
    out.writeBytes(value ? TRUE : FALSE);
  }

  @Override
  public void writeInt(int value) {
    element();
    out.writeDigits(value);
  }

  @Override
  public void writeLong(long value) {
    element();
    out.writeDigits(value);
  }

  @Override
  public void writeFloat(float value) {
    element();
    floats.write(out, value);
  }

  @Override
  public void writeDouble(double value) {
    element();
    floats.write(out, value);
  }

  @Override
  public void writeString(byte[] bytes, int offset, int length) {
    element();
    JsonString.write(out, bytes, offset, length);
  }

  @Override
  public void writeBytes(byte[] bytes, int offset, int length) {
    element();
    JsonString.writeHex(out, bytes, offset, length);
  }

  @Override
  public void writeNumeric(byte[] bytes, int offset, int length) {
    element();
    byte last = bytes[offset + length - 1];
    if (last >= '0' && last <= '9') {
      out.writeBytes(bytes, offset, length);
    } else {
      JsonString.write(out, bytes, offset, length);
    }
  }

  @Override
  public void writeDecimal(long unscaled, int scale) {
    element();
    if (scale == 0) {
      out.writeDigits(unscaled);
      return;
    }
    // After the sign, which writeDigits puts.
    int start = unscaled < 0 ? out.position() + 1 : out.position();
    out.writeDigits(unscaled);
    out.insertPoint(start, scale);
  }

  @Override
  public void writeDecimal(byte[] unscaled, int scale) {
    element();
    BigInteger number = new BigInteger(unscaled);
    int start = number.signum() < 0 ? out.position() + 1 : out.position();
    out.writeBytes(number.toString().getBytes(US_ASCII));
    out.insertPoint(start, scale);
  }

  @Override
  public void writeDate(int days) {
    element();
    out.writeByte('"');
    if (days == Integer.MAX_VALUE || days == Integer.MIN_VALUE) {
      CivilTime.writeInfinity(out, days < 0);
    } else {
      CivilTime.writeDate(out, days);
    }
    out.writeByte('"');
  }

  @Override
  public void writeTime(long micros) {
    element();
    out.writeByte('"');
    CivilTime.writeTime(out, micros);
    out.writeByte('"');
  }

  @Override
  public void writeTimestamp(long micros) {
    timestamp(micros, false);
  }

  @Override
  public void writeTimestampTz(long micros) {
    timestamp(micros, true);
  }

  @Override
  public void writeInterval(int months, int days, long micros) {
    element();
    out.writeByte('"');
    IntervalText.write(out, months, days, micros);
    out.writeByte('"');
  }

  @Override
  public void writeUuid(long mostSignificant, long leastSignificant) {
    element();
    out.writeByte('"');
    UuidText.write(out, mostSignificant, leastSignificant);
    out.writeByte('"');
  }

  @Override
  public void writeJson(byte[] bytes, int offset, int length) {
    element();
    JsonDocument.write(out, bytes, offset, length);
  }

  private void timestamp(long micros, boolean zone) {
    element();
    out.writeByte('"');
    if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
      CivilTime.writeInfinity(out, micros < 0);
    } else {
      CivilTime.writeTimestamp(out, micros, zone);
    }
    out.writeByte('"');
  }
}
