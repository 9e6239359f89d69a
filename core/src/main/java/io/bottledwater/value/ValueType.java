package io.bottledwater.value;

/**
 * What a value is, independent of PostgreSQL's type it came from and of the format it is written
 * in. A type mapping promises a {@code ValueType} and then calls the {@link ValueWriter} method of
 * the same name; a format turns it into its own schema.
 */
public sealed interface ValueType {

  /** Types without parameters. */
  enum Simple implements ValueType {
    BOOLEAN,
    INT,
    LONG,
    FLOAT,
    DOUBLE,
    /** Text in UTF-8. */
    STRING,
    BYTES,
    /** A numeric without declared precision, as PostgreSQL's decimal text (may be {@code NaN}). */
    NUMERIC,
    /** Days since 1970-01-01, {@code Integer.MAX_VALUE}/{@code MIN_VALUE} for infinity. */
    DATE,
    /** Microseconds since midnight, 24:00:00 included. */
    TIME,
    /** Microseconds since 1970-01-01T00:00 on an unnamed clock; max/min long for infinity. */
    TIMESTAMP,
    /** Microseconds since 1970-01-01T00:00Z; max/min long for infinity. */
    TIMESTAMPTZ,
    /** Months, days and microseconds, each with its own sign. */
    INTERVAL,
    UUID,
    /** A JSON document as text. */
    JSON
  }

  /** A fixed-point number. */
  record Decimal(int precision, int scale) implements ValueType {}
}
