package io.bottledwater.registry.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a reader's JSON Schema accepts all that a writer's accepts. It says no where it cannot
 * tell: a keyword that it does not understand has to be the same on both sides, or only on the
 * writer's. Single use, one thread.
 *
 * <p>Source: JSON Schema draft 7, "Validation".
 */
final class JsonSchemaCompatibility {
  private static final JsonNodeFactory json = JsonNodeFactory.instance;

  /** Alternatives of alternatives can multiply without end. */
  private static final int MOST_COMPARISONS = 20_000;

  private static final List<String> TYPES =
      List.of("null", "boolean", "integer", "number", "string", "array", "object");

  /** What says nothing about which values are accepted. */
  private static final Set<String> ANNOTATIONS =
      Set.of(
          "$schema",
          "$id",
          "id",
          "$comment",
          "title",
          "description",
          "default",
          "examples",
          "format",
          "readOnly",
          "writeOnly",
          "deprecated",
          "definitions",
          "$defs",
          "javaType",
          "contentEncoding",
          "contentMediaType");

  /** Handled by name; keywords beside these and the annotations have to be equal. */
  private static final Set<String> UNDERSTOOD =
      Set.of(
          "type",
          "properties",
          "required",
          "additionalProperties",
          "items",
          "enum",
          "const",
          "anyOf",
          "oneOf",
          "allOf",
          "$ref",
          "maximum",
          "exclusiveMaximum",
          "maxLength",
          "maxItems",
          "maxProperties",
          "minimum",
          "exclusiveMinimum",
          "minLength",
          "minItems",
          "minProperties");

  private static final Set<String> UPPER_BOUNDS =
      Set.of("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties");

  private static final Set<String> LOWER_BOUNDS =
      Set.of("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties");

  private final JsonNode readerRoot;
  private final JsonNode writerRoot;
  private final Set<String> following = new HashSet<>();
  private int comparisons;

  JsonSchemaCompatibility(JsonNode reader, JsonNode writer) {
    this.readerRoot = reader;
    this.writerRoot = writer;
  }

  /** Why not; empty when all is accepted. */
  String problem() {
    return problem(readerRoot, writerRoot, "#");
  }

  private String problem(JsonNode readerOrRef, JsonNode writerOrRef, String path) {
    if (++comparisons > MOST_COMPARISONS) {
      return path + " has too many alternatives to compare";
    }
    JsonNode reader = resolve(readerOrRef, readerRoot);
    JsonNode writer = resolve(writerOrRef, writerRoot);
    if (isAnything(reader) || isNothing(writer)) {
      return "";
    }
    // A type within itself: what is being compared already need not be compared again.
    boolean referred = reader != readerOrRef || writer != writerOrRef;
    String pair = System.identityHashCode(reader) + " " + System.identityHashCode(writer);
    if (referred && !following.add(pair)) {
      return "";
    }
    try {
      return compare(reader, writer, path);
    } finally {
      if (referred) {
        following.remove(pair);
      }
    }
  }

  private String compare(JsonNode reader, JsonNode writer, String path) {
    if (isNothing(reader)) {
      return path + " accepts nothing any more";
    }
    JsonNode alternatives = alternatives(writer);
    if (alternatives != null) {
      for (JsonNode alternative : alternatives) {
        String problem = problem(reader, alternative, path);
        if (!problem.isEmpty()) {
          return problem;
        }
      }
      return "";
    }
    if (reader.has("anyOf") || reader.has("oneOf")) {
      return anyAlternative(reader, writer, path);
    }
    for (JsonNode part : reader.path("allOf")) {
      String problem = problem(part, writer, path);
      if (!problem.isEmpty()) {
        return problem;
      }
    }
    return keywords(reader, writer, path);
  }

  /** The alternatives of a schema that consists of nothing else. */
  private static @Nullable JsonNode alternatives(JsonNode schema) {
    JsonNode found = null;
    for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
      boolean joins = keyword.getKey().equals("anyOf") || keyword.getKey().equals("oneOf");
      if (joins && found == null && keyword.getValue().isArray()) {
        found = keyword.getValue();
      } else if (!isAnnotation(keyword.getKey())) {
        return null;
      }
    }
    return found;
  }

  private String anyAlternative(JsonNode reader, JsonNode writer, String path) {
    JsonNode alternatives = alternatives(reader);
    if (alternatives == null) {
      return reader.equals(writer) ? "" : path + " mixes alternatives with other keywords";
    }
    Set<String> types = types(writer);
    // Each type by itself, since alternatives often differ by type.
    for (String type : types) {
      JsonNode only =
          types.size() == 1 || !writer.isObject()
              ? writer
              : ((ObjectNode) writer).deepCopy().put("type", type);
      boolean accepted = false;
      for (JsonNode alternative : alternatives) {
        accepted |= problem(alternative, only, path).isEmpty();
      }
      if (!accepted) {
        return path + " has no alternative for what was of type " + type;
      }
    }
    return "";
  }

  private String keywords(JsonNode reader, JsonNode writer, String path) {
    Set<String> readable = types(reader);
    for (String type : types(writer)) {
      if (!readable.contains(type) && !(type.equals("integer") && readable.contains("number"))) {
        return path + " does not accept type " + type + " any more";
      }
    }
    if (reader.has("enum") || reader.has("const")) {
      Set<JsonNode> accepted = values(reader);
      if (!(writer.has("enum") || writer.has("const")) || !accepted.containsAll(values(writer))) {
        return path + " accepts fewer values";
      }
    }
    for (Map.Entry<String, JsonNode> keyword : reader.properties()) {
      String name = keyword.getKey();
      JsonNode before = writer.path(name);
      boolean narrower =
          UPPER_BOUNDS.contains(name)
              ? !before.isNumber() || number(before).compareTo(number(keyword.getValue())) > 0
              : LOWER_BOUNDS.contains(name)
                  ? !before.isNumber() || number(before).compareTo(number(keyword.getValue())) < 0
                  : !UNDERSTOOD.contains(name)
                      && !isAnnotation(name)
                      && !keyword.getValue().equals(before);
      if (narrower) {
        return path + " has another " + name;
      }
    }
    Set<String> written = types(writer);
    String problem = written.contains("object") ? object(reader, writer, path) : "";
    if (problem.isEmpty() && written.contains("array") && reader.has("items")) {
      JsonNode items = reader.path("items");
      JsonNode before = writer.has("items") ? writer.path("items") : BooleanNode.TRUE;
      if (items.isArray() || before.isArray()) {
        problem = items.equals(before) ? "" : path + " has other items";
      } else {
        problem = problem(items, before, path + "/items");
      }
    }
    return problem;
  }

  private String object(JsonNode reader, JsonNode writer, String path) {
    Set<JsonNode> demanded = new HashSet<>();
    writer.path("required").forEach(demanded::add);
    for (JsonNode name : reader.path("required")) {
      if (!demanded.contains(name)) {
        return path + " requires " + name;
      }
    }
    JsonNode readerOthers = others(reader);
    JsonNode writerOthers = others(writer);
    for (Map.Entry<String, JsonNode> property : writer.path("properties").properties()) {
      JsonNode accepted = reader.path("properties").path(property.getKey());
      String problem =
          problem(
              accepted.isMissingNode() ? readerOthers : accepted,
              property.getValue(),
              path + "/" + property.getKey());
      if (!problem.isEmpty()) {
        return problem;
      }
    }
    for (Map.Entry<String, JsonNode> property : reader.path("properties").properties()) {
      if (!writer.path("properties").has(property.getKey())) {
        String problem = problem(property.getValue(), writerOthers, path + "/" + property.getKey());
        if (!problem.isEmpty()) {
          return problem + ", where any other property could stand before";
        }
      }
    }
    return problem(readerOthers, writerOthers, path + " (other properties)");
  }

  private static JsonNode others(JsonNode schema) {
    return schema.has("additionalProperties")
        ? schema.path("additionalProperties")
        : BooleanNode.TRUE;
  }

  private static Set<JsonNode> values(JsonNode schema) {
    Set<JsonNode> values = new HashSet<>();
    schema.path("enum").forEach(values::add);
    if (schema.has("const")) {
      values.add(schema.path("const"));
    }
    return values;
  }

  private static Set<String> types(JsonNode schema) {
    Set<String> types = new HashSet<>();
    JsonNode type = schema.path("type");
    if (type.isTextual()) {
      types.add(type.textValue());
    } else if (type.isArray()) {
      type.forEach(one -> types.add(one.asText()));
    } else if (schema.has("enum") || schema.has("const")) {
      values(schema).forEach(value -> types.add(typeOf(value)));
    } else {
      types.addAll(TYPES);
    }
    return types;
  }

  private static String typeOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case NULL -> "null";
      case BOOLEAN -> "boolean";
      case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
      case STRING -> "string";
      case ARRAY -> "array";
      default -> "object";
    };
  }

  private static BigDecimal number(JsonNode node) {
    return node.isNumber() ? node.decimalValue() : BigDecimal.ZERO;
  }

  private static boolean isAnnotation(String keyword) {
    // pg.type, connect.name and the like.
    return ANNOTATIONS.contains(keyword) || keyword.contains(".");
  }

  private static boolean isAnything(JsonNode schema) {
    if (schema.isBoolean()) {
      return schema.booleanValue();
    }
    for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
      if (!isAnnotation(keyword.getKey())) {
        return false;
      }
    }
    return true;
  }

  private static boolean isNothing(JsonNode schema) {
    return schema.isBoolean() && !schema.booleanValue();
  }

  /** Follows references inside the document; what cannot be found is compared as it stands. */
  private static JsonNode resolve(JsonNode schema, JsonNode root) {
    JsonNode current = schema;
    for (int hops = 0; hops < 20; hops++) {
      String reference = current.path("$ref").asText("");
      if (!reference.startsWith("#")) {
        return current.has("$ref") ? json.objectNode().put("unresolved", reference) : current;
      }
      JsonNode target = reference.equals("#") ? root : at(root, reference.substring(1));
      if (target.isMissingNode()) {
        return json.objectNode().put("unresolved", reference);
      }
      current = target;
    }
    return json.objectNode().put("unresolved", "endless");
  }

  private static JsonNode at(JsonNode root, String pointer) {
    return pointer.startsWith("/") ? root.at(pointer) : json.missingNode();
  }
}
