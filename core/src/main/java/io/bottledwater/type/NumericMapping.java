package io.bottledwater.type;

import io.bottledwater.postgres.PgType;
import io.bottledwater.value.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * {@code numeric}.
 *
 * <p>With a type modifier, a decimal of fixed precision and scale. PostgreSQL 15 and later allow
 * two forms that neither Avro nor SQL know; both keep every value:
 *
 * <ul>
 *   <li>negative scale, {@code numeric(3,-2)}: whole numbers of up to 3 + 2 digits, {@code
 *       decimal(5,0)};
 *   <li>scale above precision, {@code numeric(3,5)}: {@code decimal(5,5)}.
 * </ul>
 *
 * <p>NaN and the infinities do not fit a decimal and are refused. Without a type modifier, each
 * value has its own precision and scale, and PostgreSQL's text of it is kept.
 *
 * <p>Source: {@code numeric.c}, "numerictypmod": {@code typmod - 4} holds the precision in its
 * upper and the scale as a signed number in its lower eleven bits.
 */
final class NumericMapping implements TypeMapping {
  private static final int NUMERIC = 1700;
  private static final int HEADER = 4;
  private static final int SCALE_SIGN = 1 << 10;
  private static final int SCALE_MASK = (1 << 11) - 1;

  @Override
  public @Nullable ColumnMapping map(PgType type, int typmod) {
    if (type.oid() != NUMERIC) {
      return null;
    }
    if (typmod < HEADER) {
      return new ColumnMapping(ValueType.Simple.NUMERIC, new NumericText(), new NumericBinary());
    }
    int precision = (typmod - HEADER) >>> 16;
    int scale = (((typmod - HEADER) & SCALE_MASK) ^ SCALE_SIGN) - SCALE_SIGN;
    ValueType.Decimal decimal =
        scale < 0
            ? new ValueType.Decimal(precision - scale, 0)
            : new ValueType.Decimal(Math.max(precision, scale), scale);
    return new ColumnMapping(decimal, new DecimalText(decimal), new DecimalBinary(decimal));
  }
}
