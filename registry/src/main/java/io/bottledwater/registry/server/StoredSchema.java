package io.bottledwater.registry.server;

import java.util.List;

/**
 * A schema as it is stored. Two that are equal share an id, whatever their subjects.
 *
 * @param type {@code AVRO}, {@code JSON} or {@code PROTOBUF}
 * @param text laid out in one way for each type, so that white space makes no difference
 */
record StoredSchema(String type, String text, List<Reference> references) {
  StoredSchema {
    references = List.copyOf(references);
  }
}
