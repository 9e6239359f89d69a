package io.bottledwater.testkit;

import java.util.List;

/**
 * A PostgreSQL type and values of it, ordinary and extreme. {@code docs/types.md} has a row for
 * each.
 *
 * @param type as in a column's definition
 * @param since the first major version that has it
 * @param json an SQL expression in which {@code ?} stands for the column: what its value is, as
 *     JSON
 * @param values in the form that the type's input function reads; NULL is tried as well
 */
public record TypeSample(String type, int since, String json, List<String> values) {
  public TypeSample {
    values = List.copyOf(values);
  }

  /** The type without the schema that the tests keep it in. */
  public String name() {
    return type.replaceFirst("^(ext|types)\\.", "");
  }

  static TypeSample of(String type, String... values) {
    return new TypeSample(type, 10, "to_json(?)", List.of(values));
  }

  /** The same type, of servers from this major version on only. */
  TypeSample since(int version) {
    return new TypeSample(type, version, json, values);
  }

  /** The same with another expression for its value. */
  TypeSample json(String expression) {
    return new TypeSample(type, since, expression, values);
  }
}
