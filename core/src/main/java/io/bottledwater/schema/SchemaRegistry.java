package io.bottledwater.schema;

/** The port to a schema registry. Implementations retry, cache and are thread safe. */
public interface SchemaRegistry extends AutoCloseable {
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

  @Override
  void close();
}
