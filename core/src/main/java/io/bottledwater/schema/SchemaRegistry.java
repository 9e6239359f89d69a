package io.bottledwater.schema;

/** The port to a schema registry. Implementations retry, cache and are thread safe. */
public interface SchemaRegistry extends SubjectVersions, AutoCloseable {
  /**
   * Registers a schema under a subject, or finds it there.
   *
   * @param subject {@code <topic>-key} or {@code <topic>-value}
   * @param type {@code AVRO}, {@code JSON} or {@code PROTOBUF}
   * @param schema the schema's text
   * @return the registry's id
   * @throws io.bottledwater.error.BottledWaterException {@code BW-SCHEMA-REFUSED} when the registry
   *     will not take it, {@code BW-REGISTRY-UNREACHABLE} after the retries
   */
  int register(String subject, String type, String schema);

  /**
   * Says that a version which the subject has serves as it is, so that nothing is registered.
   *
   * @return the version's id
   */
  default int take(String subject, SubjectVersion version) {
    return version.id();
  }

  @Override
  void close();
}
