package io.bottledwater.config;

/** One {@code schema.table} glob. Immutable. */
public final class TablePattern {
  private final String written;
  private final Glob schema;
  private final Glob table;

  TablePattern(String written, Glob schema, Glob table) {
    this.written = written;
    this.schema = schema;
    this.table = table;
  }

  public boolean matches(String schemaName, String tableName) {
    return schema.matches(schemaName) && table.matches(tableName);
  }

  /** The pattern as it was written, for messages. */
  @Override
  public String toString() {
    return written;
  }
}
