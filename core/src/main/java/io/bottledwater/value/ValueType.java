package io.bottledwater.value;

import java.util.List;
import java.util.Map;

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

  /**
   * One of a closed list of labels.
   *
   * @param name the type's name, as PostgreSQL has it
   * @param namespace {@code [prefix.]database.schema} of the type, not yet made safe for any format
   * @param symbols the labels in their order
   */
  record Enumeration(String name, List<String> namespace, List<String> symbols)
      implements ValueType {
    public Enumeration {
      namespace = List.copyOf(namespace);
      symbols = List.copyOf(symbols);
    }
  }

  /**
   * Values of one type in a row.
   *
   * @param required whether none of them is ever null
   */
  record ListOf(ValueType element, boolean required) implements ValueType {
    /** A list each of whose values may be null. */
    public ListOf(ValueType element) {
      this(element, false);
    }
  }

  /** Values of one type under keys that are text; each may be null. */
  record MapOf(ValueType value) implements ValueType {}

  /**
   * Named fields.
   *
   * @param name the type's name, as PostgreSQL has it
   * @param namespace {@code [prefix.]database.schema} of the type, not yet made safe for any format
   */
  record Struct(String name, List<String> namespace, List<RowShape.Field> fields)
      implements ValueType {
    public Struct {
      namespace = List.copyOf(namespace);
      fields = List.copyOf(fields);
    }
  }

  /**
   * A value of one of several types, which the writer is told before each value.
   *
   * @param alternatives at least two, all different, none itself a {@code OneOf}
   */
  record OneOf(List<ValueType> alternatives) implements ValueType {
    public OneOf {
      alternatives = List.copyOf(alternatives);
    }
  }

  /**
   * A type with notes for readers of the schema; written as the type itself.
   *
   * @param annotations by name; a text, a number, or a map of texts
   */
  record Annotated(ValueType type, Map<String, Object> annotations) implements ValueType {}
}
