package io.bottledwater.registry.server;

/**
 * One version of a subject.
 *
 * @param deleted softly: hidden, but the id still answers
 */
record SchemaVersion(String subject, int version, int id, StoredSchema schema, boolean deleted) {
  SchemaVersion softlyDeleted() {
    return new SchemaVersion(subject, version, id, schema, true);
  }
}
