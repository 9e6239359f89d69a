package io.bottledwater.type.classic;

import io.bottledwater.value.ForwardingWriter;

/** The number that PostgreSQL stores for a money. One thread only. */
final class MoneyAsMinorUnits extends ForwardingWriter {
  @Override
  public void writeDecimal(long unscaled, int scale) {
    out().writeLong(unscaled);
  }
}
