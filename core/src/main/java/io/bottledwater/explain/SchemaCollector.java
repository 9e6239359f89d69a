package io.bottledwater.explain;

import io.bottledwater.schema.SchemaRegistry;
import java.util.ArrayList;
import java.util.List;

/** A registry that takes everything and keeps it: what a format would register. One thread only. */
final class SchemaCollector implements SchemaRegistry {
  /** One registration. */
  record Schema(String subject, String type, String text) {}

  private final List<Schema> schemas = new ArrayList<>();

  @Override
  public int register(String subject, String type, String schema) {
    schemas.add(new Schema(subject, type, schema));
    return 0;
  }

  /** What has come since the last call. */
  List<Schema> take() {
    List<Schema> taken = List.copyOf(schemas);
    schemas.clear();
    return taken;
  }

  @Override
  public void close() {}
}
