package io.bottledwater.explain;

import io.bottledwater.schema.SchemaOutlook;
import java.util.List;

/**
 * What the pump would do with one table.
 *
 * @param oid {@code pg_class.oid}
 * @param table {@code schema.name}
 * @param key the key's columns in order, and why these; or why there are none
 * @param schemas those of key and value; none for a format without schemas
 * @param risks one sentence each, with what mends it
 */
public record TableExplanation(
    long oid,
    String table,
    String topic,
    String key,
    List<Column> columns,
    List<Schema> schemas,
    List<String> risks) {

  public TableExplanation {
    columns = List.copyOf(columns);
    schemas = List.copyOf(schemas);
    risks = List.copyOf(risks);
  }

  /** A column: its type in PostgreSQL, and what is written for it. */
  public record Column(String name, String pgType, String written) {}

  /** A schema and what the registry would make of it. */
  public record Schema(String subject, String type, String text, SchemaOutlook outlook) {}
}
