package io.bottledwater.registry.server;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;

/**
 * Confluent's own client in a process of its own, with the Avro that it was built with and without
 * our classes. Prints one line for each result.
 */
final class ConfluentProbe {
  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              "{\"type\":\"record\",\"name\":\"users\",\"fields\":["
                  + "{\"name\":\"id\",\"type\":[\"null\",\"int\"],\"default\":null}]}");

  private ConfluentProbe() {}

  /** The class path that such a process needs. */
  static String classPath() {
    return location(ConfluentProbe.class)
        + java.io.File.pathSeparator
        + location(KafkaAvroSerializer.class);
  }

  private static Path location(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
  }

  public static void main(String[] args) throws Exception {
    List<String> lines = new ArrayList<>();
    switch (args[0]) {
      case "serialize":
        lines.add(HexFormat.of().formatHex(serialize(args[1], args[2], Integer.parseInt(args[3]))));
        break;
      case "deserialize":
        lines.add(deserialize(args[1], args[2], HexFormat.of().parseHex(args[3])));
        break;
      default:
        manage(args[1], lines);
    }
    lines.forEach(line -> System.out.println("result " + line));
  }

  private static byte[] serialize(String url, String topic, int id) {
    GenericRecord record = new GenericRecordBuilder(SCHEMA).set("id", id).build();
    try (KafkaAvroSerializer serializer = new KafkaAvroSerializer()) {
      serializer.configure(Map.of("schema.registry.url", url), false);
      return serializer.serialize(topic, record);
    }
  }

  private static String deserialize(String url, String topic, byte[] bytes) {
    try (KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer()) {
      deserializer.configure(Map.of("schema.registry.url", url), false);
      return deserializer.deserialize(topic, bytes).toString();
    }
  }

  private static void manage(String url, List<String> lines)
      throws IOException, RestClientException {
    CachedSchemaRegistryClient client = new CachedSchemaRegistryClient(url, 10);
    String subject = "a/b c-value";
    AvroSchema first = new AvroSchema(SCHEMA);
    AvroSchema required =
        new AvroSchema(
            "{\"type\":\"record\",\"name\":\"users\",\"fields\":"
                + "[{\"name\":\"y\",\"type\":\"int\"}]}");
    lines.add("registered " + client.register(subject, first));
    lines.add("id " + client.getId(subject, first));
    lines.add("subjects " + client.getAllSubjects());
    lines.add("versions " + client.getAllVersions(subject));
    lines.add("version " + client.getVersion(subject, first));
    lines.add("latest " + client.getLatestSchemaMetadata(subject).getId());
    lines.add("compatible " + client.testCompatibility(subject, required));
    lines.add("incompatible " + code(() -> client.register(subject, required)));
    lines.add("updated " + client.updateCompatibility(subject, "NONE"));
    lines.add("level " + client.getCompatibility(subject));
    lines.add("second " + client.register(subject, required));
    lines.add("deleted " + client.deleteSchemaVersion(subject, "1"));
    lines.add("deleted " + client.deleteSubject(subject));
    lines.add("gone " + code(() -> client.getAllVersions(subject)));
  }

  private interface Call {
    Object run() throws IOException, RestClientException;
  }

  private static String code(Call call) throws IOException {
    try {
      return "answered " + call.run();
    } catch (RestClientException e) {
      return e.getStatus() + " " + e.getErrorCode();
    }
  }
}
