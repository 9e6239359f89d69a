package io.bottledwater.value;

/**
 * Hands every call on to another writer, which is set before each value. What derives from it turns
 * values of one type into values of another on their way to a format. One thread only.
 */
public abstract class ForwardingWriter implements ValueWriter {
  // Set before the first call.
  private ValueWriter out = this;

  /** Where values go from now on. */
  public final void to(ValueWriter writer) {
    out = writer;
  }

  /** Asked for before each call. */
  protected ValueWriter out() {
    return out;
  }

  @Override
  public void writeNull() {
    out().writeNull();
  }

  @Override
  public void writeBoolean(boolean value) {
    out().writeBoolean(value);
  }

  @Override
  public void writeInt(int value) {
    out().writeInt(value);
  }

  @Override
  public void writeLong(long value) {
    out().writeLong(value);
  }

  @Override
  public void writeFloat(float value) {
    out().writeFloat(value);
  }

  @Override
  public void writeDouble(double value) {
    out().writeDouble(value);
  }

  @Override
  public void writeString(byte[] bytes, int offset, int length) {
    out().writeString(bytes, offset, length);
  }

  @Override
  public void writeBytes(byte[] bytes, int offset, int length) {
    out().writeBytes(bytes, offset, length);
  }

  @Override
  public void writeNumeric(byte[] bytes, int offset, int length) {
    out().writeNumeric(bytes, offset, length);
  }

  @Override
  public void writeDecimal(long unscaled, int scale) {
    out().writeDecimal(unscaled, scale);
  }

  @Override
  public void writeDecimal(byte[] unscaled, int scale) {
    out().writeDecimal(unscaled, scale);
  }

  @Override
  public void writeDate(int days) {
    out().writeDate(days);
  }

  @Override
  public void writeTime(long micros) {
    out().writeTime(micros);
  }

  @Override
  public void writeTimestamp(long micros) {
    out().writeTimestamp(micros);
  }

  @Override
  public void writeTimestampTz(long micros) {
    out().writeTimestampTz(micros);
  }

  @Override
  public void writeInterval(int months, int days, long micros) {
    out().writeInterval(months, days, micros);
  }

  @Override
  public void writeUuid(long mostSignificant, long leastSignificant) {
    out().writeUuid(mostSignificant, leastSignificant);
  }

  @Override
  public void writeJson(byte[] bytes, int offset, int length) {
    out().writeJson(bytes, offset, length);
  }

  @Override
  public void writeEnum(int ordinal) {
    out().writeEnum(ordinal);
  }

  @Override
  public void alternative(int index) {
    out().alternative(index);
  }

  @Override
  public void beginStruct() {
    out().beginStruct();
  }

  @Override
  public void field(int index) {
    out().field(index);
  }

  @Override
  public void endStruct() {
    out().endStruct();
  }

  @Override
  public void beginList(int size) {
    out().beginList(size);
  }

  @Override
  public void endList() {
    out().endList();
  }

  @Override
  public void beginMap(int size) {
    out().beginMap(size);
  }

  @Override
  public void key(byte[] bytes, int offset, int length) {
    out().key(bytes, offset, length);
  }

  @Override
  public void endMap() {
    out().endMap();
  }
}
