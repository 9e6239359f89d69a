package io.bottledwater.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The fields of a schema's text by their paths, with what they hold: PostgreSQL's type where the
 * schema says it, and the format's own. Empty where the text is not such a schema.
 */
final class SchemaFields {
  private static final ObjectMapper mapper = new ObjectMapper();
  private static final int DEEPEST = 20;

  /** One statement a line, as registries and the pump lay it out. */
  private static final Pattern PROTO_BLOCK =
      Pattern.compile("(message|enum|oneof)\\s+(\\S+)\\s*\\{");

  private static final Pattern PROTO_FIELD =
      Pattern.compile("((?:(?:optional|repeated|required) )?[.\\w<>, ]+?) (\\w+) = (\\d+)\\b.*");

  private final Map<String, String> fields = new LinkedHashMap<>();
  private final Set<String> expanded = new HashSet<>();

  private SchemaFields() {}

  static Map<String, String> of(String type, String text) {
    SchemaFields found = new SchemaFields();
    if (type.equals("PROTOBUF")) {
      found.protobuf(text);
      return found.fields;
    }
    JsonNode schema;
    try {
      schema = mapper.readTree(text);
    } catch (JsonProcessingException e) {
      return Map.of();
    }
    if (type.equals("AVRO")) {
      found.avroRecord("", schema, 0);
    } else if (type.equals("JSON")) {
      found.jsonObject("", schema, 0);
    }
    return found.fields;
  }

  private void avroRecord(String path, JsonNode record, int depth) {
    String name = record.path("namespace").asText() + "." + record.path("name").asText();
    if (depth > DEEPEST || !record.path("fields").isArray() || !expanded.add(name)) {
      return;
    }
    if (depth == 0) {
      fields.put("(record)", name);
    }
    for (JsonNode field : record.path("fields")) {
      String column = field.path("doc").asText(field.path("name").asText());
      JsonNode type = field.path("type");
      boolean required = !(type.isArray() && type.path(0).asText().equals("null"));
      String pgType = field.path("pg.type").asText("");
      String written = avroType(type) + (required ? ", required" : "");
      fields.put(path + column, pgType.isEmpty() ? written : pgType + " (" + written + ")");
      avroNested(path + column + ".", type, depth + 1);
    }
  }

  private void avroNested(String path, JsonNode type, int depth) {
    if (type.isArray()) {
      type.forEach(alternative -> avroNested(path, alternative, depth));
    } else if (type.path("type").asText().equals("record")) {
      avroRecord(path, type, depth);
    } else if (type.has("items")) {
      avroNested(path, type.path("items"), depth);
    }
  }

  private static String avroType(JsonNode type) {
    if (type.isArray()) {
      List<String> alternatives = new ArrayList<>();
      for (JsonNode alternative : type) {
        if (!alternative.asText().equals("null")) {
          alternatives.add(avroType(alternative));
        }
      }
      return String.join(" or ", alternatives);
    }
    if (!type.isObject()) {
      return type.asText();
    }
    String kind = type.path("type").asText();
    return switch (kind) {
      case "array" -> "array of " + avroType(type.path("items"));
      case "map" -> "map of " + avroType(type.path("values"));
      case "record", "enum", "fixed" -> kind + " " + type.path("name").asText();
      default -> kind + avroLogical(type);
    };
  }

  private static String avroLogical(JsonNode type) {
    String logical = type.path("logicalType").asText(type.path("connect.name").asText(""));
    String size =
        type.has("precision")
            ? "(" + type.path("precision").asText() + "," + type.path("scale").asText("0") + ")"
            : "";
    return logical.isEmpty() ? "" : " " + logical + size;
  }

  private void jsonObject(String path, JsonNode schema, int depth) {
    if (depth > DEEPEST || !schema.path("properties").isObject()) {
      return;
    }
    Set<String> required = new HashSet<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      String pgType = property.getValue().path("pg.type").asText("");
      String written =
          jsonType(property.getValue())
              + (required.contains(property.getKey()) ? ", required" : "");
      fields.put(
          path + property.getKey(), pgType.isEmpty() ? written : pgType + " (" + written + ")");
      jsonObject(path + property.getKey() + ".", property.getValue(), depth + 1);
    }
  }

  private static String jsonType(JsonNode property) {
    if (property.path("anyOf").isArray()) {
      List<String> alternatives = new ArrayList<>();
      property.path("anyOf").forEach(alternative -> alternatives.add(jsonType(alternative)));
      return String.join(" or ", alternatives);
    }
    JsonNode type = property.path("type");
    if (!type.isArray()) {
      return type.asText("anything");
    }
    List<String> words = new ArrayList<>();
    for (JsonNode word : type) {
      if (!word.asText().equals("null")) {
        words.add(word.asText());
      }
    }
    return String.join(" or ", words);
  }

  private void protobuf(String text) {
    String row = "";
    Deque<String> blocks = new ArrayDeque<>();
    for (String line : (Iterable<String>) text.lines()::iterator) {
      String statement = line.strip();
      Matcher block = PROTO_BLOCK.matcher(statement);
      Matcher field = PROTO_FIELD.matcher(statement);
      if (block.lookingAt()) {
        if (row.isEmpty()) {
          // The first message is the row itself.
          row = block.group(2);
          fields.put("(message)", row);
        }
        blocks.addLast(block.group(1).equals("oneof") ? "" : block.group(2));
      } else if (statement.startsWith("}")) {
        blocks.pollLast();
      } else if (!blocks.isEmpty() && field.matches()) {
        List<String> path = new ArrayList<>(blocks);
        path.add(field.group(2));
        path.remove("");
        boolean isRow = path.get(0).equals(row);
        fields.put(
            String.join(".", path.subList(isRow ? 1 : 0, path.size())),
            field.group(1) + " = " + field.group(3));
      }
    }
  }
}
