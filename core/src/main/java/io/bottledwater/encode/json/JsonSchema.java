package io.bottledwater.encode.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON Schema (draft 7) of what {@link JsonRowWriter} writes for a row.
 *
 * <p>A schema goes on accepting what the version before it accepted, so that it holds for all of
 * the topic and registries take it as compatible: columns that are gone stay as properties that
 * nobody has to have, and one whose type has changed accepts both. Properties beyond these are
 * refused, since with others allowed a new column would be a break.
 */
final class JsonSchema {
  private static final String DIALECT = "http://json-schema.org/draft-07/schema#";
  private static final String PG_TYPE = "pg.type";
  private static final JsonNodeFactory json = JsonNodeFactory.instance;
  private static final ObjectMapper mapper = new ObjectMapper();

  private JsonSchema() {}

  static ObjectNode of(RowShape shape) {
    ObjectNode schema = json.objectNode().put("$schema", DIALECT).put("title", shape.name());
    return object(schema, shape.fields(), false);
  }

  /** The form in which a value of a type stands, for documents: for instance {@code string}. */
  static ObjectNode of(ValueType type) {
    return property(type, false);
  }

  /**
   * Lets a schema also accept what an earlier one accepted.
   *
   * @param earlier text from the registry
   * @return whether {@code earlier} was such a schema that this could be done
   */
  static boolean widen(ObjectNode schema, String earlier) {
    JsonNode before = parse(earlier);
    if (before == null
        || !before.path("type").asText().equals("object")
        || !before.path("properties").isObject()
        || !before.path("additionalProperties").isBoolean()
        || before.path("additionalProperties").booleanValue()) {
      return false;
    }
    ObjectNode properties = (ObjectNode) schema.get("properties");
    for (Map.Entry<String, JsonNode> old : before.path("properties").properties()) {
      JsonNode now = properties.get(old.getKey());
      properties.set(old.getKey(), now == null ? old.getValue() : either(now, old.getValue()));
    }
    ArrayNode required = json.arrayNode();
    for (JsonNode name : schema.path("required")) {
      for (JsonNode other : before.path("required")) {
        if (name.equals(other)) {
          required.add(name);
        }
      }
    }
    if (required.isEmpty()) {
      schema.remove("required");
    } else {
      schema.set("required", required);
    }
    return true;
  }

  static boolean isSame(ObjectNode schema, String text) {
    return schema.equals(parse(text));
  }

  private static @Nullable JsonNode parse(String text) {
    try {
      return mapper.readTree(text);
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static JsonNode either(JsonNode now, JsonNode before) {
    Map<JsonNode, JsonNode> accepted = new LinkedHashMap<>();
    alternatives(before).forEach(old -> accepted.put(withoutType(old), old));
    int old = accepted.size();
    alternatives(now).forEach(other -> accepted.putIfAbsent(withoutType(other), other));
    if (accepted.size() == old) {
      return old == 1 ? now : before;
    }
    return json.objectNode().set("anyOf", json.arrayNode().addAll(accepted.values()));
  }

  private static Iterable<JsonNode> alternatives(JsonNode property) {
    boolean joined = property.size() == 1 && property.path("anyOf").isArray();
    return joined ? property.path("anyOf") : List.of(property);
  }

  private static JsonNode withoutType(JsonNode property) {
    return property instanceof ObjectNode object && object.has(PG_TYPE)
        ? object.deepCopy().without(PG_TYPE)
        : property;
  }

  private static ObjectNode object(
      ObjectNode schema, List<RowShape.Field> fields, boolean nullable) {
    type(schema, "object", nullable);
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = json.arrayNode();
    for (RowShape.Field field : fields) {
      ObjectNode property = property(field.type(), !field.required());
      property.put(PG_TYPE, field.pgType());
      properties.set(field.name(), property);
      if (field.required()) {
        required.add(field.name());
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    return schema.put("additionalProperties", false);
  }

  private static ObjectNode property(ValueType type, boolean nullable) {
    ObjectNode schema = json.objectNode();
    if (type instanceof ValueType.Struct struct) {
      return object(schema, struct.fields(), nullable);
    }
    if (type instanceof ValueType.ListOf list) {
      type(schema, "array", nullable).set("items", property(list.element(), true));
      return schema;
    }
    if (type instanceof ValueType.MapOf map) {
      type(schema, "object", nullable).set("additionalProperties", property(map.value(), true));
      return schema;
    }
    if (type instanceof ValueType.OneOf oneOf) {
      ArrayNode alternatives = schema.putArray("anyOf");
      for (ValueType alternative : oneOf.alternatives()) {
        alternatives.add(property(alternative, false));
      }
      if (nullable) {
        alternatives.addObject().put("type", "null");
      }
      return schema;
    }
    if (type instanceof ValueType.Enumeration enumeration) {
      ArrayNode symbols = type(schema, "string", nullable).putArray("enum");
      enumeration.symbols().forEach(symbols::add);
      if (nullable) {
        symbols.addNull();
      }
      return schema;
    }
    if (type instanceof ValueType.Decimal) {
      return type(schema, "number", nullable);
    }
    return switch ((ValueType.Simple) type) {
      case BOOLEAN -> type(schema, "boolean", nullable);
      case INT, LONG -> type(schema, "integer", nullable);
      case FLOAT, DOUBLE, NUMERIC -> number(schema, nullable);
      case STRING, BYTES, DATE, TIME, TIMESTAMP, TIMESTAMPTZ, INTERVAL, UUID ->
          type(schema, "string", nullable);
      // Any document at all.
      case JSON -> schema;
    };
  }

  /** NaN and the infinities are no numbers in JSON. */
  private static ObjectNode number(ObjectNode schema, boolean nullable) {
    ArrayNode types = schema.putArray("type").add("number").add("string");
    if (nullable) {
      types.add("null");
    }
    return schema;
  }

  private static ObjectNode type(ObjectNode schema, String type, boolean nullable) {
    if (nullable) {
      schema.putArray("type").add(type).add("null");
    } else {
      schema.put("type", type);
    }
    return schema;
  }
}
