package io.bottledwater.encode.avro;

import io.bottledwater.value.ValueType;

/** The name of the primitive type that {@link AvroRowWriter} writes a simple value as. */
final class PrimitiveName {
  private PrimitiveName() {}

  /**
   * @throws IllegalArgumentException for types that are not written as a primitive one
   */
  static String of(ValueType type) {
    if (type instanceof ValueType.Annotated annotated) {
      return of(annotated.type());
    }
    if (type instanceof ValueType.Decimal) {
      return "bytes";
    }
    if (!(type instanceof ValueType.Simple simple)) {
      throw new IllegalArgumentException("not a primitive type: " + type);
    }
    return switch (simple) {
      case BOOLEAN -> "boolean";
      case INT, DATE -> "int";
      case LONG, TIME, TIMESTAMP, TIMESTAMPTZ -> "long";
      case FLOAT -> "float";
      case DOUBLE -> "double";
      case BYTES -> "bytes";
      case STRING, NUMERIC, JSON, UUID -> "string";
      case INTERVAL -> throw new IllegalArgumentException("not a primitive type: " + type);
    };
  }
}
