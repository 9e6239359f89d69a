package io.bottledwater.type.debezium;

import io.bottledwater.value.ForwardingWriter;
import java.math.BigDecimal;

/**
 * Turns amounts into the nearest double, as {@code decimal.handling.mode=double}. One thread only.
 */
final class MoneyAsDouble extends ForwardingWriter {
  private static final long EXACT_IN_DOUBLE = 1L << 53;

  @Override
  public void writeDecimal(long unscaled, int scale) {
    boolean exact = unscaled >= -EXACT_IN_DOUBLE && unscaled <= EXACT_IN_DOUBLE && scale == 2;
    out().writeDouble(exact ? unscaled / 100.0 : BigDecimal.valueOf(unscaled, scale).doubleValue());
  }
}
