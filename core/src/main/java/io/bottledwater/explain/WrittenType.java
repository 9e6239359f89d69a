package io.bottledwater.explain;

import io.bottledwater.value.ValueType;
import java.util.Locale;
import java.util.stream.Collectors;

/** The name of a value type, for people. */
final class WrittenType {
  private WrittenType() {}

  static String of(ValueType type) {
    if (type instanceof ValueType.Decimal decimal) {
      return "decimal(" + decimal.precision() + "," + decimal.scale() + ")";
    }
    if (type instanceof ValueType.ListOf list) {
      return "list of " + of(list.element());
    }
    if (type instanceof ValueType.MapOf map) {
      return "map of " + of(map.value());
    }
    if (type instanceof ValueType.Enumeration enumeration) {
      return "enum " + enumeration.name();
    }
    if (type instanceof ValueType.Struct struct) {
      return struct.fields().stream()
          .map(field -> field.name() + " " + of(field.type()))
          .collect(Collectors.joining(", ", "record {", "}"));
    }
    if (type instanceof ValueType.OneOf oneOf) {
      return oneOf.alternatives().stream().map(WrittenType::of).collect(Collectors.joining(" or "));
    }
    return type.toString().toLowerCase(Locale.ROOT);
  }
}
