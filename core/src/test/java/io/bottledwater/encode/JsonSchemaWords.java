package io.bottledwater.encode;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A JSON Schema in a few words, for the page of types. */
final class JsonSchemaWords {
  private JsonSchemaWords() {}

  static String of(JsonNode schema) {
    List<String> words = new ArrayList<>();
    for (JsonNode type :
        schema.path("type").isArray() ? schema.get("type") : List.of(schema.path("type"))) {
      if (!type.asText().equals("null")) {
        words.add(word(type.asText(), schema));
      }
    }
    return String.join(" or ", words);
  }

  private static String word(String type, JsonNode schema) {
    return switch (type) {
      case "" -> "any document";
      case "array" -> "array of " + of(schema.get("items"));
      case "object" -> schema.has("properties") ? properties(schema) : map(schema);
      default -> type;
    };
  }

  private static String properties(JsonNode schema) {
    List<String> properties = new ArrayList<>();
    schema
        .get("properties")
        .properties()
        .forEach(property -> properties.add(property.getKey() + " " + of(property.getValue())));
    return "object {" + String.join(", ", properties) + "}";
  }

  private static String map(JsonNode schema) {
    return "object of " + of(schema.get("additionalProperties"));
  }
}
