package io.bottledwater.type;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bottledwater.value.ValueWriter;
import java.math.BigInteger;
import java.util.HexFormat;

/**
 * Keeps the one value that a decoder writes, as {@code method(argument, ...)}; what is inside a
 * list, map or struct stands between its brackets.
 */
final class RecordingWriter implements ValueWriter {
  private String call = "";
  private int depth;

  /** The call since the last time, of which there must have been one. */
  String take() {
    if (call.isEmpty()) {
      throw new AssertionError("the decoder wrote nothing");
    }
    String result = call;
    call = "";
    return result;
  }

  void forget() {
    call = "";
    depth = 0;
  }

  private void record(String what) {
    if (depth == 0 && !call.isEmpty() && !call.endsWith("|")) {
      throw new AssertionError("the decoder wrote twice: " + call + ", " + what);
    }
    boolean first = call.isEmpty() || "[{:|".indexOf(call.charAt(call.length() - 1)) >= 0;
    call += first ? what : "," + what;
  }

  private void open(String bracket) {
    record(bracket);
    depth++;
  }

  private void close(String bracket) {
    depth--;
    call += bracket;
  }

  @Override
  public void writeEnum(int ordinal) {
    record("enum(" + ordinal + ")");
  }

  @Override
  public void alternative(int index) {
    record(index + "|");
  }

  @Override
  public void beginStruct() {
    open("struct{");
  }

  @Override
  public void field(int index) {
    record(index + ":");
  }

  @Override
  public void endStruct() {
    close("}");
  }

  @Override
  public void beginList(int size) {
    open("list" + size + "[");
  }

  @Override
  public void endList() {
    close("]");
  }

  @Override
  public void beginMap(int size) {
    open("map" + size + "{");
  }

  @Override
  public void key(byte[] bytes, int offset, int length) {
    record(new String(bytes, offset, length, UTF_8) + ":");
  }

  @Override
  public void endMap() {
    close("}");
  }

  @Override
  public void writeNull() {
    record("null");
  }

  @Override
  public void writeBoolean(boolean value) {
    record("boolean(" + value + ")");
  }

  @Override
  public void writeInt(int value) {
    record("int(" + value + ")");
  }

  @Override
  public void writeLong(long value) {
    record("long(" + value + ")");
  }

  @Override
  public void writeFloat(float value) {
    record("float(" + value + ")");
  }

  @Override
  public void writeDouble(double value) {
    record("double(" + value + ")");
  }

  @Override
  public void writeString(byte[] bytes, int offset, int length) {
    record("string(" + new String(bytes, offset, length, UTF_8) + ")");
  }

  @Override
  public void writeBytes(byte[] bytes, int offset, int length) {
    record("bytes(" + HexFormat.of().formatHex(bytes, offset, offset + length) + ")");
  }

  @Override
  public void writeNumeric(byte[] bytes, int offset, int length) {
    record("numeric(" + new String(bytes, offset, length, UTF_8) + ")");
  }

  @Override
  public void writeDecimal(long unscaled, int scale) {
    record("decimal(" + unscaled + "," + scale + ")");
  }

  @Override
  public void writeDecimal(byte[] unscaled, int scale) {
    record("decimal(" + new BigInteger(unscaled) + "," + scale + ")");
  }

  @Override
  public void writeDate(int days) {
    record("date(" + days + ")");
  }

  @Override
  public void writeTime(long micros) {
    record("time(" + micros + ")");
  }

  @Override
  public void writeTimestamp(long micros) {
    record("timestamp(" + micros + ")");
  }

  @Override
  public void writeTimestampTz(long micros) {
    record("timestamptz(" + micros + ")");
  }

  @Override
  public void writeInterval(int months, int days, long micros) {
    record("interval(" + months + "," + days + "," + micros + ")");
  }

  @Override
  public void writeUuid(long mostSignificant, long leastSignificant) {
    record("uuid(" + new java.util.UUID(mostSignificant, leastSignificant) + ")");
  }

  @Override
  public void writeJson(byte[] bytes, int offset, int length) {
    record("json(" + new String(bytes, offset, length, UTF_8) + ")");
  }
}
