package io.bottledwater.registry.server;

import java.util.List;

/**
 * A schema as it is stored. Two that are equal share an id, whatever their subjects.
 *
 * @param type {@code AVRO}, {@code JSON} or {@code PROTOBUF}
 * @param text of an Avro schema: in Avro's own layout, so that white space makes no difference
 */
record StoredSchema(String type, String text, List<Reference> references) {
  StoredSchema {
    references = List.copyOf(references);
  }
}
