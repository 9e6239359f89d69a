package io.bottledwater.type;

import io.bottledwater.value.SpecialValueException;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueWriter;
import java.math.BigInteger;

/** What a decimal type can hold. A value beyond it comes from a change of the column's type. */
final class DecimalBounds {
  private static final int MAX_LONG_DIGITS = 18;

  /** Below this, one more digit still gives at most {@link #MAX_LONG_DIGITS}. */
  static final long ROOM_FOR_ONE = 100_000_000_000_000_000L;

  private final int scale;
  private final long limit;
  private final BigInteger largeLimit;

  DecimalBounds(ValueType.Decimal type) {
    this.scale = type.scale();
    this.largeLimit = BigInteger.TEN.pow(type.precision());
    this.limit = type.precision() <= MAX_LONG_DIGITS ? largeLimit.longValueExact() : Long.MAX_VALUE;
  }

  /**
   * @param magnitude not negative
   */
  void check(long magnitude) {
    if (magnitude >= limit) {
      throw tooLarge();
    }
  }

  void write(BigInteger unscaled, ValueWriter out) {
    if (unscaled.abs().compareTo(largeLimit) >= 0) {
      throw tooLarge();
    }
    out.writeDecimal(unscaled.toByteArray(), scale);
  }

  static SpecialValueException tooFine() {
    return new SpecialValueException("numeric with more decimal places than its column's type");
  }

  private static SpecialValueException tooLarge() {
    return new SpecialValueException("numeric with more digits than its column's type");
  }
}
