package io.bottledwater.registry.client;

import java.util.List;

/**
 * A schema as the registry holds it.
 *
 * @param type {@code AVRO}, {@code JSON} or {@code PROTOBUF}
 */
public record RegisteredSchema(String type, String text, List<SchemaReference> references) {
  public RegisteredSchema {
    references = List.copyOf(references);
  }
}
