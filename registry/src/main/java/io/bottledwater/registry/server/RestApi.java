package io.bottledwater.registry.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Paths and JSON bodies of Confluent's Schema Registry API. Unknown fields and parameters are
 * ignored, as newer clients send them. Reference: "Schema Registry API Reference" of Confluent
 * Platform.
 */
final class RestApi {
  private static final JsonNodeFactory json = JsonNodeFactory.instance;

  private final Registry registry;

  RestApi(Registry registry) {
    this.registry = registry;
  }

  /**
   * @throws RegistryError for every answer but 200
   */
  JsonNode answer(RestCall call) {
    List<String> path = call.path();
    if (path.isEmpty()) {
      require(call, "GET");
      return json.objectNode();
    }
    switch (path.get(0)) {
      case "subjects":
        return subjects(call, path);
      case "schemas":
        return schemas(call, path);
      case "config":
        return config(call, path);
      case "mode":
        return mode(call, path);
      case "compatibility":
        return compatibility(call, path);
      default:
        throw unknownPath();
    }
  }

  private JsonNode subjects(RestCall call, List<String> path) {
    if (path.size() == 1) {
      require(call, "GET");
      return texts(
          registry.subjects(
              call.parameter("subjectPrefix"), call.flag("deleted"), call.flag("deletedOnly")));
    }
    String subject = path.get(1);
    if (path.size() == 2) {
      if (require(call, "POST", "DELETE").equals("DELETE")) {
        return numbers(registry.deleteSubject(subject, call.flag("permanent")));
      }
      return version(registry.lookUp(subject, schemaIn(call), call.flag("deleted")));
    }
    if (!path.get(2).equals("versions") || path.size() > 5) {
      throw unknownPath();
    }
    if (path.size() == 3) {
      if (require(call, "GET", "POST").equals("POST")) {
        return json.objectNode().put("id", registry.register(subject, schemaIn(call)));
      }
      return numbers(
          registry.versions(subject, call.flag("deleted")).stream()
              .map(SchemaVersion::version)
              .toList());
    }
    if (path.size() == 4) {
      if (require(call, "GET", "DELETE").equals("DELETE")) {
        return IntNode.valueOf(
            registry.deleteVersion(subject, path.get(3), call.flag("permanent")));
      }
      SchemaVersion found = registry.version(subject, path.get(3), call.flag("deleted"));
      ObjectNode answer = version(found);
      serialize(answer, call, found.schema());
      return answer;
    }
    require(call, "GET");
    if (path.get(4).equals("schema")) {
      return text(registry.version(subject, path.get(3), call.flag("deleted")).schema());
    }
    if (path.get(4).equals("referencedby")) {
      return numbers(registry.referencedBy(subject, path.get(3)));
    }
    throw unknownPath();
  }

  private JsonNode schemas(RestCall call, List<String> path) {
    require(call, "GET");
    if (path.equals(List.of("schemas", "types"))) {
      return texts(List.of("JSON", "PROTOBUF", "AVRO"));
    }
    if (path.size() < 3 || path.size() > 4 || !path.get(1).equals("ids")) {
      throw unknownPath();
    }
    int id = id(path.get(2));
    if (path.size() == 3) {
      ObjectNode answer = json.objectNode();
      putSchema(answer, registry.schema(id));
      serialize(answer, call, registry.schema(id));
      if (call.flag("fetchMaxId")) {
        answer.put("maxId", registry.maxId());
      }
      return answer;
    }
    switch (path.get(3)) {
      case "schema":
        return text(registry.schema(id));
      case "subjects":
        return texts(
            registry.uses(id, call.flag("deleted")).stream()
                .map(SchemaVersion::subject)
                .distinct()
                .toList());
      case "versions":
        ArrayNode uses = json.arrayNode();
        for (SchemaVersion use : registry.uses(id, call.flag("deleted"))) {
          uses.addObject().put("subject", use.subject()).put("version", use.version());
        }
        return uses;
      default:
        throw unknownPath();
    }
  }

  private JsonNode config(RestCall call, List<String> path) {
    String subject = optionalSubject(path);
    switch (require(call, "GET", "PUT", "DELETE")) {
      case "PUT":
        CompatibilityLevel level =
            CompatibilityLevel.named(field(call, "compatibility"))
                .orElseThrow(RegistryError::invalidLevel);
        registry.setLevel(subject, level);
        return json.objectNode().put("compatibility", level.name());
      case "DELETE":
        return level(registry.setLevel(subject, null));
      default:
        return level(registry.level(subject, call.flag("defaultToGlobal")));
    }
  }

  private JsonNode mode(RestCall call, List<String> path) {
    String subject = optionalSubject(path);
    switch (require(call, "GET", "PUT", "DELETE")) {
      case "PUT":
        Mode mode = Mode.named(field(call, "mode")).orElseThrow(RegistryError::invalidMode);
        registry.setMode(subject, mode);
        return mode(mode);
      case "DELETE":
        return mode(registry.setMode(subject, null));
      default:
        return mode(registry.mode(subject, call.flag("defaultToGlobal")));
    }
  }

  private JsonNode compatibility(RestCall call, List<String> path) {
    if (path.size() < 4
        || path.size() > 5
        || !path.get(1).equals("subjects")
        || !path.get(3).equals("versions")) {
      throw unknownPath();
    }
    require(call, "POST");
    String version = path.size() == 5 ? path.get(4) : null;
    List<String> problems = registry.incompatibilities(path.get(2), version, schemaIn(call));
    ObjectNode answer = json.objectNode().put("is_compatible", problems.isEmpty());
    if (call.flag("verbose")) {
      answer.set("messages", texts(problems));
    }
    return answer;
  }

  /** The schema of a request's body, not yet checked. */
  private static StoredSchema schemaIn(RestCall call) {
    JsonNode body = call.object();
    if (body == null || !body.path("schema").isTextual()) {
      throw RegistryError.invalidSchema(
          "the request is not a JSON object with the schema as a string, or is nested too deep");
    }
    if (body.path("id").asInt(0) > 0) {
      throw RegistryError.notPermitted(
          "Ids are given out by the registry; there is no IMPORT mode");
    }
    List<Reference> references = new ArrayList<>();
    for (JsonNode reference : body.path("references")) {
      if (!reference.path("name").isTextual()
          || !reference.path("subject").isTextual()
          || !reference.path("version").isInt()) {
        throw RegistryError.invalidSchema("a reference lacks its name, subject or version");
      }
      references.add(
          new Reference(
              reference.path("name").textValue(),
              reference.path("subject").textValue(),
              reference.path("version").intValue()));
    }
    JsonNode type = body.path("schemaType");
    return new StoredSchema(
        type.isTextual() ? type.textValue() : "AVRO", body.path("schema").textValue(), references);
  }

  private static String field(RestCall call, String name) {
    JsonNode body = call.object();
    return body == null ? "" : body.path(name).asText("");
  }

  private static @Nullable String optionalSubject(List<String> path) {
    if (path.size() > 2) {
      throw unknownPath();
    }
    return path.size() == 2 ? path.get(1) : null;
  }

  private static int id(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      // Confluent's server answers so: the path matches no resource.
      throw unknownPath();
    }
  }

  private static String require(RestCall call, String... methods) {
    for (String method : methods) {
      if (method.equals(call.method())) {
        return method;
      }
    }
    throw new RegistryError(405, 405, "HTTP 405 Method Not Allowed");
  }

  private static RegistryError unknownPath() {
    return new RegistryError(404, 404, "HTTP 404 Not Found");
  }

  private static ObjectNode version(SchemaVersion version) {
    ObjectNode answer =
        json.objectNode()
            .put("subject", version.subject())
            .put("version", version.version())
            .put("id", version.id());
    putSchema(answer, version.schema());
    return answer;
  }

  private static void putSchema(ObjectNode answer, StoredSchema schema) {
    if (!schema.type().equals("AVRO")) {
      answer.put("schemaType", schema.type());
    }
    if (!schema.references().isEmpty()) {
      ArrayNode references = answer.putArray("references");
      for (Reference reference : schema.references()) {
        references
            .addObject()
            .put("name", reference.name())
            .put("subject", reference.subject())
            .put("version", reference.version());
      }
    }
    answer.put("schema", schema.text());
  }

  /** Some clients want Protobuf's descriptor, in Base64, in place of the text. */
  private void serialize(ObjectNode answer, RestCall call, StoredSchema schema) {
    if (schema.type().equals("PROTOBUF") && call.parameter("format").equals("serialized")) {
      answer.put("schema", registry.descriptor(schema));
    }
  }

  /** The bare schema: JSON itself, except for PROTOBUF. */
  private static JsonNode text(StoredSchema schema) {
    return schema.type().equals("PROTOBUF")
        ? json.textNode(schema.text())
        : json.rawValueNode(new RawValue(schema.text()));
  }

  private static ObjectNode level(CompatibilityLevel level) {
    return json.objectNode().put("compatibilityLevel", level.name());
  }

  private static ObjectNode mode(Mode mode) {
    return json.objectNode().put("mode", mode.name());
  }

  private static ArrayNode texts(List<String> texts) {
    ArrayNode array = json.arrayNode();
    texts.forEach(array::add);
    return array;
  }

  private static ArrayNode numbers(List<Integer> numbers) {
    ArrayNode array = json.arrayNode();
    numbers.forEach(array::add);
    return array;
  }
}
