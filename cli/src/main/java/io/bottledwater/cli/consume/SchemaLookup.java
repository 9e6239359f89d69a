package io.bottledwater.cli.consume;

import io.bottledwater.registry.client.RegisteredSchema;

/** Where the schema behind an id comes from. */
@FunctionalInterface
public interface SchemaLookup {
  /**
   * @throws io.bottledwater.error.BottledWaterException {@code BW-SCHEMA-REFUSED} when there is no
   *     such schema; others when the registry cannot be asked
   */
  RegisteredSchema schemaById(int id);
}
