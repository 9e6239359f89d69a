package io.bottledwater.type;

import io.bottledwater.bytes.BigEndian;
import io.bottledwater.postgres.PgType;
import io.bottledwater.value.CivilTime;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.SpecialValueException;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueWriter;
import org.jspecify.annotations.Nullable;

/**
 * {@code timestamp} and {@code timestamptz}: microseconds since 1970.
 *
 * <p>Binary counts from 2000. PostgreSQL's last 30 years, from 294247-01-10 04:00:54.775807 on, do
 * not fit a long that counts from 1970 (and whose greatest value means infinity): they are special
 * values. Text with a zone is read with any offset, since zones of the past have odd ones.
 */
final class TimestampMapping implements TypeMapping {
  private static final int TIMESTAMP = 1114;
  private static final int TIMESTAMPTZ = 1184;

  private static final long MICROS_FROM_1970_TO_2000 =
      DateTimeText.DAYS_FROM_1970_TO_2000 * CivilTime.MICROS_PER_DAY;

  /**
   * {@code MIN_TIMESTAMP} and {@code END_TIMESTAMP} of {@code timestamp.h}: from 4714-11-24 BC up
   * to, but not including, 294277-01-01, in microseconds since 2000.
   */
  private static final long FIRST = -211_813_488_000_000_000L;

  private static final long END = 9_223_371_331_200_000_000L;

  @Override
  public @Nullable ColumnMapping map(PgType type, int typmod, MappingScope scope) {
    if (type.oid() == TIMESTAMP) {
      return new ColumnMapping(
          ValueType.Simple.TIMESTAMP,
          new TextDecoder(false),
          new TimestampBinary(),
          ColumnMapping.Special.AT_THE_EDGE);
    }
    if (type.oid() == TIMESTAMPTZ) {
      return new ColumnMapping(
          ValueType.Simple.TIMESTAMPTZ,
          new TextDecoder(true),
          new TimestampTzBinary(),
          ColumnMapping.Special.AT_THE_EDGE);
    }
    return null;
  }

  private static long fromBinary(byte[] bytes, int offset, int length, String form) {
    Wire.requireLength(length, 8, form);
    long micros = BigEndian.int64(bytes, offset);
    if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
      return micros;
    }
    if (micros < FIRST || micros >= END) {
      throw new MalformedValueException(form, 0);
    }
    return since1970(micros);
  }

  /**
   * @param micros since 2000, in PostgreSQL's range
   */
  private static long since1970(long micros) {
    if (micros >= Long.MAX_VALUE - MICROS_FROM_1970_TO_2000) {
      throw new SpecialValueException("timestamp beyond 294247-01-10 04:00:54.775806");
    }
    return micros + MICROS_FROM_1970_TO_2000;
  }

  private static final class TimestampBinary extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      out.writeTimestamp(fromBinary(bytes, offset, length, "timestamp"));
    }
  }

  private static final class TimestampTzBinary extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      out.writeTimestampTz(fromBinary(bytes, offset, length, "timestamptz"));
    }
  }

  private static final class TextDecoder extends ValueDecoder {
    private final boolean zoned;
    private final DateTimeText text;

    TextDecoder(boolean zoned) {
      this.zoned = zoned;
      this.text = new DateTimeText(zoned ? "timestamptz text" : "timestamp text");
    }

    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      long micros = parse(bytes, offset, length);
      if (zoned) {
        out.writeTimestampTz(micros);
      } else {
        out.writeTimestamp(micros);
      }
    }

    private long parse(byte[] bytes, int offset, int length) {
      long usual = UsualTimestamp.parse(bytes, offset, length, zoned);
      if (usual != UsualTimestamp.UNUSUAL) {
        return usual;
      }
      TextCursor cursor = text.open(bytes, offset, length);
      int infinity = text.infinity();
      if (infinity != 0) {
        return infinity > 0 ? Long.MAX_VALUE : Long.MIN_VALUE;
      }
      text.yearMonthDay();
      cursor.expect(' ');
      long timeOfDay = text.timeOfDay();
      int zone = zoned ? text.zone() : 0;
      text.era();
      cursor.expectEnd();
      long days = text.epochDay() - DateTimeText.DAYS_FROM_1970_TO_2000;
      // Before the multiplication, which seven digits of a year would overflow.
      if (days < FIRST / CivilTime.MICROS_PER_DAY - 2
          || days > END / CivilTime.MICROS_PER_DAY + 1) {
        throw cursor.malformed();
      }
      long micros =
          days * CivilTime.MICROS_PER_DAY + timeOfDay - zone * CivilTime.MICROS_PER_SECOND;
      if (micros < FIRST || micros >= END) {
        throw cursor.malformed();
      }
      return since1970(micros);
    }
  }
}
