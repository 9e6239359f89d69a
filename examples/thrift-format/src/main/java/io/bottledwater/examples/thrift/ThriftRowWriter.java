package io.bottledwater.examples.thrift;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bottledwater.bytes.ByteSlice;
import io.bottledwater.encode.RowWriter;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.protocol.TField;
import org.apache.thrift.protocol.TList;
import org.apache.thrift.protocol.TMap;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TStruct;
import org.apache.thrift.protocol.TType;
import org.apache.thrift.transport.TMemoryBuffer;

/**
 * Writes rows as structs, with libthrift. Written to be read: the product's own formats decide more
 * beforehand and make no object per value. One thread only.
 */
final class ThriftRowWriter implements RowWriter {
  private static final TStruct STRUCT = new TStruct();

  /** What libthrift may throw, which a buffer in memory gives it no reason to. */
  private interface Action {
    void run() throws TException;
  }

  private final ValueType row;
  private TMemoryBuffer buffer;
  private TProtocol out;

  /** The types whose values are being written, the innermost first. */
  private final Deque<ValueType> open = new ArrayDeque<>();

  /** Of what type the next value is, and as which field it stands. */
  private ValueType type;

  private int field;

  /** How many structs of one field stand around the next value; and around what is open. */
  private int wrappers;

  private final Deque<Integer> outerWrappers = new ArrayDeque<>();

  ThriftRowWriter(ValueType.Struct row) throws TException {
    this.row = row;
    this.type = row;
    this.buffer = new TMemoryBuffer(512);
    this.out = new TCompactProtocol(buffer);
  }

  @Override
  public void begin() {
    run(() -> buffer = new TMemoryBuffer(512));
    out = new TCompactProtocol(buffer);
    open.clear();
    outerWrappers.clear();
    open.push(row);
    wrappers = 0;
    run(() -> out.writeStructBegin(STRUCT));
  }

  @Override
  public ByteSlice lend() {
    endStructs(1);
    return new ByteSlice().set(buffer.getArray(), buffer.length());
  }

  @Override
  public void field(int index) {
    RowShape.Field described = ((ValueType.Struct) open.element()).fields().get(index);
    type = described.type();
    field = index + 1;
  }

  /** A list's element or a map's value is a struct of its own, so that it can be null. */
  private void wrap() {
    ValueType around = open.element();
    if (wrappers == 0 && !(around instanceof ValueType.Struct)) {
      type =
          around instanceof ValueType.ListOf list
              ? list.element()
              : ((ValueType.MapOf) around).value();
      field = 1;
      wrappers = 1;
      run(() -> out.writeStructBegin(STRUCT));
    }
  }

  private void field(byte thriftType, Action write) {
    wrap();
    run(() -> out.writeFieldBegin(new TField("", thriftType, (short) field)));
    run(write);
  }

  private void value(byte thriftType, Action write) {
    field(thriftType, write);
    unwrap();
  }

  private void unwrap() {
    endStructs(wrappers);
    wrappers = 0;
  }

  private void endStructs(int count) {
    for (int i = 0; i < count; i++) {
      run(out::writeFieldStop);
      run(out::writeStructEnd);
    }
  }

  @Override
  public void alternative(int index) {
    field(TType.STRUCT, () -> out.writeStructBegin(STRUCT));
    type = ((ValueType.OneOf) type).alternatives().get(index);
    field = index + 1;
    wrappers++;
  }

  private void enter(byte thriftType, Action begin) {
    field(thriftType, begin);
    open.push(type);
    outerWrappers.push(wrappers);
    wrappers = 0;
  }

  private void leave() {
    open.pop();
    wrappers = outerWrappers.pop();
    unwrap();
  }

  @Override
  public void beginStruct() {
    enter(TType.STRUCT, () -> out.writeStructBegin(STRUCT));
  }

  @Override
  public void endStruct() {
    endStructs(1);
    leave();
  }

  @Override
  public void beginList(int size) {
    enter(TType.LIST, () -> out.writeListBegin(new TList(TType.STRUCT, size)));
  }

  @Override
  public void endList() {
    leave();
  }

  @Override
  public void beginMap(int size) {
    enter(TType.MAP, () -> out.writeMapBegin(new TMap(TType.STRING, TType.STRUCT, size)));
  }

  @Override
  public void key(byte[] bytes, int offset, int length) {
    run(() -> out.writeBinary(ByteBuffer.wrap(bytes, offset, length)));
  }

  @Override
  public void endMap() {
    leave();
  }

  @Override
  public void writeNull() {
    wrap();
    unwrap();
  }

  @Override
  public void writeBoolean(boolean value) {
    value(TType.BOOL, () -> out.writeBool(value));
  }

  @Override
  public void writeInt(int value) {
    value(TType.I32, () -> out.writeI32(value));
  }

  @Override
  public void writeLong(long value) {
    value(TType.I64, () -> out.writeI64(value));
  }

  @Override
  public void writeFloat(float value) {
    writeDouble(value);
  }

  @Override
  public void writeDouble(double value) {
    value(TType.DOUBLE, () -> out.writeDouble(value));
  }

  @Override
  public void writeString(byte[] bytes, int offset, int length) {
    value(TType.STRING, () -> out.writeBinary(ByteBuffer.wrap(bytes, offset, length)));
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
    text(BigDecimal.valueOf(unscaled, scale).toPlainString());
  }

  @Override
  public void writeDecimal(byte[] unscaled, int scale) {
    text(new BigDecimal(new BigInteger(unscaled), scale).toPlainString());
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
    text("P" + months + "M" + days + "D" + micros + "us");
  }

  @Override
  public void writeUuid(long mostSignificant, long leastSignificant) {
    text(new UUID(mostSignificant, leastSignificant).toString());
  }

  @Override
  public void writeEnum(int ordinal) {
    wrap();
    text(((ValueType.Enumeration) type).symbols().get(ordinal));
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    writeString(bytes, 0, bytes.length);
  }

  private static void run(Action action) {
    try {
      action.run();
    } catch (TException e) {
      throw new IllegalStateException(e);
    }
  }
}
