package io.bottledwater.type;

import io.bottledwater.value.ValueType;

/** What {@code numeric} is written as. */
public sealed interface NumericAs {
  /** A column with precision as a decimal of that precision, another as text. */
  enum Word implements NumericAs {
    DECLARED,
    /** PostgreSQL's text, lossless. */
    STRING,
    /** The nearest double: not exact. */
    DOUBLE
  }

  /** One precision and scale for all columns. */
  record Fixed(ValueType.Decimal decimal) implements NumericAs {}
}
