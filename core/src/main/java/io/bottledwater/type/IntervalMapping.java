package io.bottledwater.type;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.bottledwater.bytes.BigEndian;
import io.bottledwater.postgres.PgType;
import io.bottledwater.value.CivilTime;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueWriter;
import org.jspecify.annotations.Nullable;

/**
 * {@code interval}: months, days and microseconds, which PostgreSQL keeps apart.
 *
 * <p>Text is that of {@code IntervalStyle postgres}: {@code 1 year 2 mons -3 days +04:05:06.789}.
 * Binary is eight bytes of microseconds, four of days, four of months. The infinities of PostgreSQL
 * 17 have the greatest or the least number in all three.
 */
final class IntervalMapping implements TypeMapping {
  private static final int INTERVAL = 1186;

  @Override
  public @Nullable ColumnMapping map(PgType type, int typmod, MappingScope scope) {
    return type.oid() == INTERVAL
        ? new ColumnMapping(ValueType.Simple.INTERVAL, new TextDecoder(), new Binary())
        : null;
  }

  private static final class Binary extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      Wire.requireLength(length, 16, "interval");
      out.writeInterval(
          BigEndian.int32(bytes, offset + 12),
          BigEndian.int32(bytes, offset + 8),
          BigEndian.int64(bytes, offset));
    }
  }

  private static final class TextDecoder extends ValueDecoder {
    private static final byte[] YEAR = " year".getBytes(US_ASCII);
    private static final byte[] MONTH = " mon".getBytes(US_ASCII);
    private static final byte[] DAY = " day".getBytes(US_ASCII);
    private static final int MAX_HOURS_DIGITS = 10;

    private final DateTimeText text = new DateTimeText("interval text");

    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      TextCursor cursor = text.open(bytes, offset, length);
      if (isInfinity(bytes, offset, length)) {
        if (text.infinity() > 0) {
          out.writeInterval(Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE);
        } else {
          out.writeInterval(Integer.MIN_VALUE, Integer.MIN_VALUE, Long.MIN_VALUE);
        }
        return;
      }
      long months = 0;
      long days = 0;
      long micros = 0;
      do {
        boolean negative = cursor.take('-');
        if (!negative) {
          cursor.take('+');
        }
        long number = cursor.digits(1, MAX_HOURS_DIGITS);
        long signed = negative ? -number : number;
        if (cursor.take(':')) {
          micros = time(cursor, number, negative);
          cursor.expectEnd();
        } else if (cursor.take(YEAR)) {
          months += signed * 12;
          cursor.take('s');
        } else if (cursor.take(MONTH)) {
          months += signed;
          cursor.take('s');
        } else if (cursor.take(DAY)) {
          days += signed;
          cursor.take('s');
        } else {
          throw cursor.malformed();
        }
      } while (cursor.take(' '));
      cursor.expectEnd();
      if (months != (int) months || days != (int) days) {
        throw cursor.malformed();
      }
      out.writeInterval((int) months, (int) days, micros);
    }

    private static boolean isInfinity(byte[] bytes, int offset, int length) {
      return length > 1
          && (bytes[offset] == 'i' || (bytes[offset] == '-' && bytes[offset + 1] == 'i'));
    }

    /** {@code MM:SS[.ffffff]} after the hours. */
    private static long time(TextCursor cursor, long hours, boolean negative) {
      int minutes = cursor.twoDigits();
      cursor.expect(':');
      int seconds = cursor.twoDigits();
      int fraction = cursor.fraction();
      if (minutes > 59 || seconds > 59 || hours > Long.MAX_VALUE / CivilTime.MICROS_PER_HOUR) {
        throw cursor.malformed();
      }
      // Negative, because the least long has no positive counterpart.
      long micros =
          -hours * CivilTime.MICROS_PER_HOUR
              - minutes * CivilTime.MICROS_PER_MINUTE
              - seconds * CivilTime.MICROS_PER_SECOND
              - fraction;
      if (micros > 0 || (!negative && micros == Long.MIN_VALUE)) {
        throw cursor.malformed();
      }
      return negative ? micros : -micros;
    }
  }
}
