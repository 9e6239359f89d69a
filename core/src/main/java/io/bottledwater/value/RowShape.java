package io.bottledwater.value;

import java.util.List;

/**
 * The shape of a key or a value, decided when its relation is first seen.
 *
 * @param topic the topic that records of this shape go to
 * @param key whether this is the shape of a key
 * @param name the table's name, as PostgreSQL has it
 * @param namespace {@code [prefix.]database.schema}, not yet made safe for any format
 * @param fields in column order (value) or index order (key)
 */
public record RowShape(
    String topic, boolean key, String name, List<String> namespace, List<Field> fields) {

  public RowShape {
    namespace = List.copyOf(namespace);
    fields = List.copyOf(fields);
  }

  /**
   * One field.
   *
   * @param name the column's name, as PostgreSQL has it
   * @param type what is written for it
   * @param required true in keys; every other field may be null
   * @param pgType the column's type as {@code format_type} shows it, for instance {@code
   *     numeric(10,2)}
   */
  public record Field(String name, ValueType type, boolean required, String pgType) {}
}
