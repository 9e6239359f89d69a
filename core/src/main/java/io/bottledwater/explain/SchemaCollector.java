package io.bottledwater.explain;

import io.bottledwater.schema.SchemaRegistry;
import io.bottledwater.schema.SubjectVersion;
import io.bottledwater.schema.SubjectVersions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A registry that shows what another one holds and takes everything without passing it on: what a
 * format would register, or go on with. One thread only.
 */
final class SchemaCollector implements SchemaRegistry {
  /** One registration, or a version that needs none. */
  record Schema(String subject, String type, String text) {}

  private final SubjectVersions versions;
  private final List<Schema> schemas = new ArrayList<>();

  SchemaCollector(SubjectVersions versions) {
    this.versions = versions;
  }

  @Override
  public int register(String subject, String type, String schema) {
    schemas.add(new Schema(subject, type, schema));
    return 0;
  }

  @Override
  public int take(String subject, SubjectVersion version) {
    schemas.add(new Schema(subject, version.type(), version.text()));
    return version.id();
  }

  @Override
  public Optional<SubjectVersion> newest(String subject) {
    return versions.newest(subject);
  }

  @Override
  public List<SubjectVersion> versionsAfter(String subject, int after) {
    return versions.versionsAfter(subject, after);
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
