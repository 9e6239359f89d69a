package io.bottledwater.type;

import io.bottledwater.bytes.BigEndian;
import io.bottledwater.postgres.PgType;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueWriter;
import org.jspecify.annotations.Nullable;

/**
 * {@code date}: text {@code YYYY-MM-DD[ BC]}, binary days since 2000-01-01; infinities included.
 */
final class DateMapping implements TypeMapping {
  private static final int DATE = 1082;

  @Override
  public @Nullable ColumnMapping map(PgType type, int typmod, MappingScope scope) {
    return type.oid() == DATE
        ? new ColumnMapping(ValueType.Simple.DATE, new TextDecoder(), new Binary())
        : null;
  }

  private static final class Binary extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      Wire.requireLength(length, 4, "date");
      int days = BigEndian.int32(bytes, offset);
      if (days == Integer.MAX_VALUE || days == Integer.MIN_VALUE) {
        out.writeDate(days);
        return;
      }
      long epochDay = (long) days + DateTimeText.DAYS_FROM_1970_TO_2000;
      if (!DateTimeText.isDate(epochDay)) {
        throw new MalformedValueException("date", 0);
      }
      out.writeDate((int) epochDay);
    }
  }

  private static final class TextDecoder extends ValueDecoder {
    private final DateTimeText text = new DateTimeText("date text");

    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      TextCursor cursor = text.open(bytes, offset, length);
      int infinity = text.infinity();
      if (infinity != 0) {
        out.writeDate(infinity > 0 ? Integer.MAX_VALUE : Integer.MIN_VALUE);
        return;
      }
      text.yearMonthDay();
      text.era();
      cursor.expectEnd();
      long epochDay = text.epochDay();
      if (!DateTimeText.isDate(epochDay)) {
        throw cursor.malformed();
      }
      out.writeDate((int) epochDay);
    }
  }
}
