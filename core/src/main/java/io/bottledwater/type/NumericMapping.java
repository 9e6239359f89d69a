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

  private final NumericAs as;

  NumericMapping(NumericAs as) {
    this.as = as;
  }

  @Override
  public @Nullable ColumnMapping map(PgType type, int typmod, MappingScope scope) {
    if (type.oid() != NUMERIC) {
      return null;
    }
    if (as instanceof NumericAs.Fixed fixed) {
      return decimal(fixed.decimal());
    }
    if (as == NumericAs.Word.DOUBLE) {
      return Rewriting.of(
          asText(),
          ValueType.Simple.DOUBLE,
          new NumericAsDouble(),
          ColumnMapping.Special.AT_THE_EDGE);
    }
    if (as == NumericAs.Word.STRING || typmod < HEADER) {
      return asText();
    }
    int precision = (typmod - HEADER) >>> 16;
    int scale = (((typmod - HEADER) & SCALE_MASK) ^ SCALE_SIGN) - SCALE_SIGN;
    return decimal(
        scale < 0
            ? new ValueType.Decimal(precision - scale, 0)
            : new ValueType.Decimal(Math.max(precision, scale), scale));
  }

  private static ColumnMapping asText() {
    return new ColumnMapping(ValueType.Simple.NUMERIC, new NumericText(), new NumericBinary());
  }

  private static ColumnMapping decimal(ValueType.Decimal type) {
    return new ColumnMapping(
        type, new DecimalText(type), new DecimalBinary(type), ColumnMapping.Special.POSSIBLE);
  }
}
