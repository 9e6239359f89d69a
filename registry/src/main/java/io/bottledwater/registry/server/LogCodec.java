package io.bottledwater.registry.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Entries to and from the JSON of the {@code _schemas} layout. Keys are compared bytewise by
 * Kafka's log cleaner, so the order of their fields is part of the layout:
 *
 * <pre>
 * {"keytype":"SCHEMA","subject":"s","version":1,"magic":1}
 *     {"subject":"s","version":1,"id":7,["schemaType":"JSON",]["references":[...],]
 *      "schema":"...","deleted":false}
 * {"keytype":"CONFIG","subject":null|"s","magic":0}      {"compatibilityLevel":"FULL"}
 * {"keytype":"MODE","subject":null|"s","magic":0}        {"mode":"READONLY"}
 * {"keytype":"DELETE_SUBJECT","subject":"s","magic":0}   {"subject":"s","version":3}
 * {"keytype":"CLEAR_SUBJECT","subject":"s","magic":0}    {"subject":"s"}
 * {"keytype":"NOOP","magic":0}                           {"maxId":7}, ours; others ignore it
 * </pre>
 */
final class LogCodec {
  private final ObjectMapper json = new ObjectMapper();

  /** A record's key and value; the value is null for a tombstone. */
  record Encoded(byte[] key, byte @Nullable [] value) {}

  Encoded encode(LogEntry entry) {
    if (entry instanceof LogEntry.SchemaEntry schema) {
      ObjectNode key = key("SCHEMA").put("subject", schema.subject());
      key.put("version", schema.version()).put("magic", 1);
      SchemaVersion value = schema.value();
      return encoded(key, value == null ? null : schemaValue(value));
    }
    if (entry instanceof LogEntry.ConfigEntry config) {
      CompatibilityLevel level = config.level();
      return encoded(
          key("CONFIG").put("subject", config.subject()).put("magic", 0),
          level == null ? null : object().put("compatibilityLevel", level.name()));
    }
    if (entry instanceof LogEntry.ModeEntry modeEntry) {
      Mode mode = modeEntry.mode();
      return encoded(
          key("MODE").put("subject", modeEntry.subject()).put("magic", 0),
          mode == null ? null : object().put("mode", mode.name()));
    }
    if (entry instanceof LogEntry.DeleteSubject delete) {
      Integer version = delete.upToVersion();
      return encoded(
          key("DELETE_SUBJECT").put("subject", delete.subject()).put("magic", 0),
          version == null
              ? null
              : object().put("subject", delete.subject()).put("version", version));
    }
    if (entry instanceof LogEntry.ClearSubject clear) {
      return encoded(
          key("CLEAR_SUBJECT").put("subject", clear.subject()).put("magic", 0),
          object().put("subject", clear.subject()));
    }
    LogEntry.IdFloor floor = (LogEntry.IdFloor) entry;
    return encoded(key("NOOP").put("magic", 0), object().put("maxId", floor.maxId()));
  }

  /**
   * @return null for a record that means nothing to this registry
   * @throws IOException when the record is not of the layout
   */
  @Nullable LogEntry decode(byte @Nullable [] keyBytes, byte @Nullable [] valueBytes)
      throws IOException {
    if (keyBytes == null) {
      throw new IOException("no key");
    }
    JsonNode key = json.readTree(keyBytes);
    JsonNode value = valueBytes == null ? null : json.readTree(valueBytes);
    switch (key.path("keytype").asText()) {
      case "SCHEMA":
        return schemaEntry(key, value);
      case "CONFIG":
        return new LogEntry.ConfigEntry(optionalText(key, "subject"), level(value));
      case "MODE":
        return new LogEntry.ModeEntry(optionalText(key, "subject"), mode(value));
      case "DELETE_SUBJECT":
        return new LogEntry.DeleteSubject(
            text(key, "subject"), value == null ? null : positive(value, "version"));
      case "CLEAR_SUBJECT":
        return value == null ? null : new LogEntry.ClearSubject(text(key, "subject"));
      case "NOOP":
        return value != null && value.path("maxId").isInt()
            ? new LogEntry.IdFloor(value.path("maxId").intValue())
            : null;
      default:
        return null;
    }
  }

  private ObjectNode schemaValue(SchemaVersion version) {
    ObjectNode value =
        object()
            .put("subject", version.subject())
            .put("version", version.version())
            .put("id", version.id());
    if (!version.schema().type().equals("AVRO")) {
      value.put("schemaType", version.schema().type());
    }
    if (!version.schema().references().isEmpty()) {
      ArrayNode references = value.putArray("references");
      for (Reference reference : version.schema().references()) {
        references
            .addObject()
            .put("name", reference.name())
            .put("subject", reference.subject())
            .put("version", reference.version());
      }
    }
    return value.put("schema", version.schema().text()).put("deleted", version.deleted());
  }

  private static LogEntry schemaEntry(JsonNode key, @Nullable JsonNode value) throws IOException {
    String subject = text(key, "subject");
    int version = positive(key, "version");
    if (value == null) {
      return new LogEntry.SchemaEntry(subject, version, null);
    }
    List<Reference> references = new ArrayList<>();
    for (JsonNode reference : value.path("references")) {
      references.add(
          new Reference(
              text(reference, "name"), text(reference, "subject"), positive(reference, "version")));
    }
    StoredSchema schema =
        new StoredSchema(
            value.path("schemaType").asText("AVRO"), text(value, "schema"), references);
    return LogEntry.SchemaEntry.of(
        new SchemaVersion(
            subject,
            version,
            positive(value, "id"),
            schema,
            value.path("deleted").asBoolean(false)));
  }

  private static @Nullable CompatibilityLevel level(@Nullable JsonNode value) throws IOException {
    // A configuration may hold other settings only; then the level is the default.
    if (value == null || !value.path("compatibilityLevel").isTextual()) {
      return null;
    }
    return CompatibilityLevel.named(value.path("compatibilityLevel").textValue())
        .orElseThrow(() -> new IOException("unknown compatibility level"));
  }

  private static @Nullable Mode mode(@Nullable JsonNode value) throws IOException {
    if (value == null) {
      return null;
    }
    return Mode.named(value.path("mode").asText())
        .orElseThrow(() -> new IOException("unknown mode"));
  }

  private static @Nullable String optionalText(JsonNode node, String field) {
    return node.path(field).textValue();
  }

  private static String text(JsonNode node, String field) throws IOException {
    String text = optionalText(node, field);
    if (text == null) {
      throw new IOException("no " + field);
    }
    return text;
  }

  private static int positive(JsonNode node, String field) throws IOException {
    JsonNode number = node.path(field);
    if (!number.isInt() || number.intValue() < 0) {
      throw new IOException("no " + field);
    }
    return number.intValue();
  }

  private ObjectNode key(String type) {
    return object().put("keytype", type);
  }

  private ObjectNode object() {
    return json.createObjectNode();
  }

  private Encoded encoded(ObjectNode key, @Nullable ObjectNode value) {
    try {
      return new Encoded(
          json.writeValueAsBytes(key), value == null ? null : json.writeValueAsBytes(value));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
