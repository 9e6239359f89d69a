package io.bottledwater.encode.protobuf;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.bottledwater.bytes.ByteSlice;
import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.encode.RowWriter;
import io.bottledwater.value.UuidText;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * Protobuf's binary encoding of one row in the registry's wire format:
 *
 * <pre>
 *  0   1           5   6
 *  +---+-----------+---+-----+-------+-----+-------+--
 *  | 0 | schema id | 0 | tag | value | tag | value | ...
 *  +---+-----------+---+-----+-------+-----+-------+--
 * </pre>
 *
 * The second zero stands for the message indexes [0], the file's first message. A null field is
 * left out. Fields stand in the columns' order, whatever their numbers. One thread only.
 *
 * <p>Source: Protobuf's "Encoding"; Confluent's "Wire format".
 */
final class ProtobufRowWriter implements RowWriter {
  private static final int MAGIC = 0;
  private static final int FIRST_MESSAGE = 0;
  private static final int ENTRY_KEY_TAG = 1 << 3 | 2;
  private static final int ENTRY_VALUE_TAG = 2 << 3 | 2;

  private final int schemaId;
  private final ProtobufSlot row;
  private final ByteWriter out = new ByteWriter(512);
  private final ByteSlice lent = new ByteSlice();

  // What is open: the struct, list or map whose places are being filled, and those around it.
  private ProtobufSlot open;
  private int next;
  private ProtobufSlot[] outer = new ProtobufSlot[4];
  private int[] outerNext = new int[4];
  private int[] outerPrefixes = new int[4];
  private int depth;

  /** Where the content of each message begins whose length is not known yet. */
  private int[] contentStarts = new int[8];

  private int prefixes;

  /** How many of them belong to {@link #open} and what is around it, not to the next value. */
  private int openPrefixes;

  /** Where the next value goes. */
  private ProtobufSlot slot;

  ProtobufRowWriter(ProtobufSlot row, int schemaId) {
    this.schemaId = schemaId;
    this.row = row;
    this.open = row;
    this.slot = row;
  }

  @Override
  public void begin() {
    out.reset();
    out.writeByte(MAGIC);
    out.writeInt32(schemaId);
    out.writeByte(FIRST_MESSAGE);
    open = row;
    depth = 0;
    next = 0;
    prefixes = 0;
    openPrefixes = 0;
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
    enter();
    slot = open.inner(0);
  }

  @Override
  public void endList() {
    leave();
  }

  @Override
  public void beginMap(int size) {
    enter();
    slot = open.inner(0);
  }

  @Override
  public void key(byte[] bytes, int offset, int length) {
    out.writeBytes(open.repeatedTag());
    openPrefix();
    out.writeByte(ENTRY_KEY_TAG);
    out.writeVarint(length);
    out.writeBytes(bytes, offset, length);
    out.writeByte(ENTRY_VALUE_TAG);
    openPrefix();
  }

  @Override
  public void endMap() {
    leave();
  }

  @Override
  public void alternative(int index) {
    before();
    slot = place();
    out.writeBytes(slot.tag());
    openPrefix();
    slot = slot.inner(index);
  }

  @Override
  public void writeEnum(int ordinal) {
    tag();
    out.writeVarint(slot.enumNumber(ordinal));
    after();
  }

  private void enter() {
    tag();
    openPrefix();
    if (depth == outer.length) {
      outer = Arrays.copyOf(outer, depth * 2);
      outerNext = Arrays.copyOf(outerNext, depth * 2);
      outerPrefixes = Arrays.copyOf(outerPrefixes, depth * 2);
    }
    outer[depth] = open;
    outerNext[depth] = next;
    outerPrefixes[depth] = openPrefixes;
    depth++;
    open = slot;
    openPrefixes = prefixes;
  }

  private void leave() {
    depth--;
    open = outer[depth];
    next = outerNext[depth];
    openPrefixes = outerPrefixes[depth];
    after();
  }

  /** In a list, each element is a message of its own; a map's has been opened by its key. */
  private void before() {
    if (open.kind() == ProtobufSlot.Kind.LIST && prefixes == openPrefixes) {
      out.writeBytes(open.repeatedTag());
      openPrefix();
    }
  }

  private void tag() {
    before();
    out.writeBytes(slot.tag());
  }

  /** Closes what was opened for one value, and makes ready for the next one of a list or map. */
  private void after() {
    while (prefixes > openPrefixes) {
      out.patchVarintLength(contentStarts[--prefixes]);
    }
    slot = place();
  }

  private void openPrefix() {
    if (prefixes == contentStarts.length) {
      contentStarts = Arrays.copyOf(contentStarts, prefixes * 2);
    }
    out.writeByte(0);
    contentStarts[prefixes++] = out.position();
  }

  /** In a list or map every value goes to the same place. */
  private ProtobufSlot place() {
    return open.kind() == ProtobufSlot.Kind.STRUCT ? slot : open.inner(0);
  }

  @Override
  public void writeNull() {
    before();
    after();
  }

  @Override
  public void writeBoolean(boolean value) {
    tag();
    out.writeByte(value ? 1 : 0);
    after();
  }

  /** Negative ones take ten bytes, as Protobuf wants it of int32. */
  @Override
  public void writeInt(int value) {
    writeLong(value);
  }

  @Override
  public void writeLong(long value) {
    tag();
    out.writeVarint(value);
    after();
  }

  @Override
  public void writeFloat(float value) {
    tag();
    out.writeInt32LittleEndian(Float.floatToIntBits(value));
    after();
  }

  @Override
  public void writeDouble(double value) {
    tag();
    out.writeInt64LittleEndian(Double.doubleToLongBits(value));
    after();
  }

  @Override
  public void writeString(byte[] bytes, int offset, int length) {
    tag();
    out.writeVarint(length);
    out.writeBytes(bytes, offset, length);
    after();
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

  @Override
  public void writeDecimal(long unscaled, int scale) {
    tag();
    openPrefix();
    // After the sign, which writeDigits puts.
    int start = unscaled < 0 ? out.position() + 1 : out.position();
    out.writeDigits(unscaled);
    out.insertPoint(start, scale);
    after();
  }

  @Override
  public void writeDecimal(byte[] unscaled, int scale) {
    tag();
    openPrefix();
    BigInteger number = new BigInteger(unscaled);
    int start = number.signum() < 0 ? out.position() + 1 : out.position();
    out.writeBytes(number.toString().getBytes(US_ASCII));
    out.insertPoint(start, scale);
    after();
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
  public void writeInterval(int months, int days, long micros) {
    tag();
    ProtobufSlot interval = slot;
    openPrefix();
    part(interval, 0, months);
    part(interval, 1, days);
    part(interval, 2, micros);
    after();
  }

  /** Its absence means zero. */
  private void part(ProtobufSlot interval, int index, long value) {
    if (value != 0) {
      out.writeBytes(interval.inner(index).tag());
      out.writeVarint(value);
    }
  }

  @Override
  public void writeUuid(long mostSignificant, long leastSignificant) {
    tag();
    out.writeVarint(UuidText.LENGTH);
    UuidText.write(out, mostSignificant, leastSignificant);
    after();
  }
}
