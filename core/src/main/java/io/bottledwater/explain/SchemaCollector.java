package io.bottledwater.explain;

import io.bottledwater.schema.SchemaRegistry;
import io.bottledwater.schema.SubjectVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

  /** None: formats that go on from an earlier version show what they would begin with. */
  @Override
  public Optional<SubjectVersion> newest(String subject) {
    return Optional.empty();
  }

  @Override
  public List<SubjectVersion> versionsAfter(String subject, int after) {
    return List.of();
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
