package io.bottledwater.encode;

import io.bottledwater.postgres.Relation;
import java.util.List;

/**
 * A table whose rows are events on their way to topics of their own.
 *
 * @param schema of the table; all names as PostgreSQL has them
 * @param routeColumn names the topic
 * @param keyColumn is the record's key
 * @param payloadColumn is the record's value
 * @param idColumn goes into the header {@code id}
 * @param typeColumn goes into the header {@code type}
 * @param headerColumns go into headers of their own names
 */
public record OutboxSettings(
    String schema,
    String table,
    String routeColumn,
    String keyColumn,
    String payloadColumn,
    String idColumn,
    String typeColumn,
    List<String> headerColumns) {
  public OutboxSettings {
    headerColumns = List.copyOf(headerColumns);
  }

  /** Whether this relation is the outbox. */
  public boolean isAbout(Relation relation) {
    return relation.schema().equals(schema) && relation.name().equals(table);
  }
}
