package io.bottledwater.type;

import io.bottledwater.bytes.BigEndian;
import io.bottledwater.postgres.PgType;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueWriter;
import org.jspecify.annotations.Nullable;

/**
 * {@code money}: a decimal with two places. Binary is a count of minor units. Text depends on
 * {@code lc_monetary}; only the form of locale C is read, {@code -$1,234.56}, and any other refused
 * rather than guessed at.
 */
final class MoneyMapping implements TypeMapping {
  private static final int MONEY = 790;
  private static final ValueType.Decimal TYPE = new ValueType.Decimal(19, 2);

  @Override
  public @Nullable ColumnMapping map(PgType type, int typmod, MappingScope scope) {
    return type.oid() == MONEY ? new ColumnMapping(TYPE, new TextDecoder(), new Binary()) : null;
  }

  private static final class Binary extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      Wire.requireLength(length, 8, "money");
      out.writeDecimal(BigEndian.int64(bytes, offset), TYPE.scale());
    }
  }

  private static final class TextDecoder extends ValueDecoder {
    private final TextCursor cursor = new TextCursor("money text of lc_monetary C");

    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      cursor.open(bytes, offset, length);
      boolean negative = cursor.take('-');
      cursor.expect('$');
      long major = cursor.digits(1, 3);
      for (int groups = 1; cursor.take(','); groups++) {
        if (groups > 5) {
          throw cursor.malformed();
        }
        major = major * 1000 + cursor.digits(3, 3);
      }
      cursor.expect('.');
      int minor = cursor.twoDigits();
      cursor.expectEnd();
      // At most 999,999,999,999,999,999: times 100 it may exceed a long.
      if (major > Long.MAX_VALUE / 100) {
        throw cursor.malformed();
      }
      long units = -major * 100 - minor;
      if (units > 0 || (!negative && units == Long.MIN_VALUE)) {
        throw cursor.malformed();
      }
      out.writeDecimal(negative ? units : -units, TYPE.scale());
    }
  }
}
