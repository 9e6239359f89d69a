package io.bottledwater.value;

/**
 * Takes the value of one field at a time. Implemented by each output format, called by each type
 * mapping: the cost of a new one is types plus formats, not types times formats.
 *
 * <p>Not thread safe. Byte ranges are borrowed: they are valid during the call only.
 */
public interface ValueWriter {
  void writeNull();

  void writeBoolean(boolean value);

  void writeInt(int value);

  void writeLong(long value);

  void writeFloat(float value);

  void writeDouble(double value);

  /** Text, already in UTF-8. */
  void writeString(byte[] bytes, int offset, int length);

  void writeBytes(byte[] bytes, int offset, int length);

  /** Decimal text of a numeric without declared precision: digits, sign, point; or {@code NaN}. */
  void writeNumeric(byte[] bytes, int offset, int length);

  /** {@code unscaled * 10^-scale}. */
  void writeDecimal(long unscaled, int scale);

  /** The same for numbers beyond a long: big-endian two's complement. */
  void writeDecimal(byte[] unscaled, int scale);

  /** Days since 1970-01-01; {@code Integer.MAX_VALUE} and {@code MIN_VALUE} are infinity. */
  void writeDate(int days);

  /** Microseconds since midnight, 0 to 86,400,000,000 inclusive. */
  void writeTime(long micros);

  /** Microseconds since 1970-01-01T00:00; max and min long are infinity. */
  void writeTimestamp(long micros);

  /** Microseconds since 1970-01-01T00:00Z; max and min long are infinity. */
  void writeTimestampTz(long micros);

  void writeInterval(int months, int days, long micros);

  void writeUuid(long mostSignificant, long leastSignificant);

  /** A JSON document's text in UTF-8. */
  void writeJson(byte[] bytes, int offset, int length);

  /**
   * @param ordinal index into the symbols of the {@link ValueType.Enumeration}
   */
  void writeEnum(int ordinal);

  /** Says of which type of a {@link ValueType.OneOf} the next value is, unless it is null. */
  void alternative(int index);

  /** Opens a struct; each of its fields follows in order: {@link #field}, then its value. */
  void beginStruct();

  /** Announces the value of this field of the innermost open struct, or of the row itself. */
  void field(int index);

  void endStruct();

  /** Opens a list; exactly {@code size} values follow, each perhaps null. */
  void beginList(int size);

  void endList();

  /** Opens a map; exactly {@code size} times {@link #key} and a value follow. */
  void beginMap(int size);

  /** The next entry's key, text in UTF-8. */
  void key(byte[] bytes, int offset, int length);

  void endMap();
}
