package io.bottledwater.encode.protobuf;

import io.bottledwater.encode.avro.AvroName;
import io.bottledwater.value.ValueType;
import java.util.Locale;

/**
 * How each {@link ValueType} stands in a message: the scalar or message type, and the unit that the
 * type alone does not tell. Stateless.
 */
public final class ProtobufForm {
  /** Between PostgreSQL's type and the unit in a field's comment. */
  private static final String BEFORE_UNIT = "; ";

  private static final String INFINITY = ", the largest and smallest for infinity";

  private ProtobufForm() {}

  /** The form in words, for documents: for instance {@code int32, days since 1970-01-01}. */
  public static String of(ValueType type) {
    if (type instanceof ValueType.Simple || type instanceof ValueType.Decimal) {
      if (type == ValueType.Simple.INTERVAL) {
        return "message {int32 months, int32 days, int64 micros}";
      }
      String unit = unit(type);
      return unit.isEmpty() ? scalar(type) : scalar(type) + ", " + unit;
    }
    if (type instanceof ValueType.ListOf list) {
      return "message with repeated elements of " + of(list.element());
    }
    if (type instanceof ValueType.MapOf map) {
      return "message with a map from string to " + of(map.value());
    }
    if (type instanceof ValueType.OneOf oneOf) {
      StringBuilder words = new StringBuilder("message with one of");
      for (int i = 0; i < oneOf.alternatives().size(); i++) {
        words.append(i > 0 ? " or " : " ").append(of(oneOf.alternatives().get(i)));
      }
      return words.toString();
    }
    return type instanceof ValueType.Enumeration ? "enum" : "nested message";
  }

  /** The keyword of a type that is a scalar in Protobuf. */
  static String scalar(ValueType type) {
    if (type instanceof ValueType.Decimal) {
      return "string";
    }
    return switch ((ValueType.Simple) type) {
      case BOOLEAN -> "bool";
      case INT, DATE -> "int32";
      case LONG, TIME, TIMESTAMP, TIMESTAMPTZ -> "int64";
      case FLOAT -> "float";
      case DOUBLE -> "double";
      case BYTES -> "bytes";
      case STRING, NUMERIC, UUID, JSON -> "string";
      case INTERVAL -> throw new IllegalArgumentException("an interval is a message");
    };
  }

  /** What else a reader has to know; two types that differ in it are different. */
  static String unit(ValueType type) {
    if (type instanceof ValueType.Decimal) {
      return "decimal number";
    }
    if (!(type instanceof ValueType.Simple simple)) {
      return "";
    }
    return switch (simple) {
      case NUMERIC -> "decimal number";
      case DATE -> "days since 1970-01-01" + INFINITY;
      case TIME -> "microseconds since midnight";
      case TIMESTAMP -> "microseconds since 1970-01-01T00:00 without time zone" + INFINITY;
      case TIMESTAMPTZ -> "microseconds since 1970-01-01T00:00Z" + INFINITY;
      case UUID -> "UUID";
      case JSON -> "JSON document";
      default -> "";
    };
  }

  /** A word for the type in the names of messages around it, for instance {@code Int64}. */
  static String word(ValueType type) {
    if (type instanceof ValueType.Decimal) {
      return "Decimal";
    }
    return switch ((ValueType.Simple) type) {
      case BOOLEAN -> "Bool";
      case INT -> "Int32";
      case LONG -> "Int64";
      default -> capitalized(((ValueType.Simple) type).name().toLowerCase(Locale.ROOT));
    };
  }

  /** A type's name made safe, beginning with a capital, since columns seldom do. */
  static String typeName(String name) {
    return capitalized(AvroName.safe(name));
  }

  private static String capitalized(String name) {
    return name.isEmpty()
        ? name
        : name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  /** The line above a field. */
  static String comment(String pgType, ValueType type) {
    String shown = oneLine(pgType).replace(';', ',');
    String unit = unit(type);
    return unit.isEmpty() ? shown : shown + BEFORE_UNIT + unit;
  }

  /** The unit in a field's comment. */
  static String unit(String comment) {
    int at = comment.indexOf(BEFORE_UNIT);
    return at < 0 ? "" : comment.substring(at + BEFORE_UNIT.length()).strip();
  }

  /** Fit for one line of a comment, and for being read back from it unchanged. */
  static String oneLine(String text) {
    StringBuilder line = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      line.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? ' ' : c);
    }
    return line.toString().strip();
  }
}
