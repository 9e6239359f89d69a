package io.bottledwater.registry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bottledwater.registry.client.HttpSchemaRegistry;
import io.bottledwater.registry.client.RegisteredSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaMetadata;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Confluent's own client, serializer and deserializer against this registry. */
@Timeout(120)
class ConfluentClientTest {
  private static final Schema SCHEMA =
      new Schema.Parser().parse(RegistryFixture.record("users", "id", "age"));

  private RegistryFixture registry;

  @BeforeEach
  void start() {
    registry = new RegistryFixture();
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void itsSerializerAndDeserializerUnderstandEachOtherThroughUs() throws Exception {
    GenericRecord sent = new GenericRecordBuilder(SCHEMA).set("id", 7).set("age", null).build();
    byte[] bytes;
    try (KafkaAvroSerializer serializer = new KafkaAvroSerializer()) {
      serializer.configure(Map.of("schema.registry.url", registry.url() + "/"), false);
      bytes = serializer.serialize("a.b-c", sent);
    }
    try (KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer()) {
      deserializer.configure(Map.of("schema.registry.url", registry.url()), false);
      assertThat(deserializer.deserialize("a.b-c", bytes)).isEqualTo(sent);
    }
    assertThat(registry.get("/subjects").body().toString()).isEqualTo("[\"a.b-c-value\"]");

    ByteBuffer wire = ByteBuffer.wrap(bytes);
    assertThat(wire.get()).isEqualTo((byte) 0);
    try (HttpSchemaRegistry client = new HttpSchemaRegistry(registry.url())) {
      RegisteredSchema schema = client.schemaById(wire.getInt());
      assertThat(schema.type()).isEqualTo("AVRO");
      GenericRecord read =
          new GenericDatumReader<GenericRecord>(new Schema.Parser().parse(schema.text()))
              .read(null, DecoderFactory.get().binaryDecoder(bytes, 5, bytes.length - 5, null));
      assertThat(read).isEqualTo(sent);
    }
  }

  @Test
  void itsDeserializerReadsWhatOurClientRegistered() throws Exception {
    int id;
    try (HttpSchemaRegistry client = new HttpSchemaRegistry(registry.url())) {
      id = client.register("t-value", "AVRO", SCHEMA.toString());
    }
    byte[] bytes = ByteBuffer.allocate(7).put((byte) 0).putInt(id).put((byte) 0).array();

    assertThat(
            new CachedSchemaRegistryClient(registry.url(), 10)
                .getId("t-value", new AvroSchema(SCHEMA)))
        .isEqualTo(id);
    try (KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer()) {
      deserializer.configure(Map.of("schema.registry.url", registry.url()), false);
      GenericRecord read = (GenericRecord) deserializer.deserialize("t", bytes);
      assertThat(read.get("id")).isNull();
      assertThat(read.getSchema()).isEqualTo(SCHEMA);
    }
  }

  @Test
  void itsClientManagesSubjects() throws Exception {
    CachedSchemaRegistryClient client = new CachedSchemaRegistryClient(registry.url(), 10);
    String subject = "a/b c-value";
    AvroSchema first = new AvroSchema(RegistryFixture.record("r", "x"));
    AvroSchema required =
        new AvroSchema(
            "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"y\",\"type\":\"int\"}]}");

    int id = client.register(subject, first);

    assertThat(client.getAllSubjects()).containsExactly(subject);
    assertThat(client.getAllVersions(subject)).containsExactly(1);
    assertThat(client.getVersion(subject, first)).isEqualTo(1);
    SchemaMetadata latest = client.getLatestSchemaMetadata(subject);
    assertThat(latest.getId()).isEqualTo(id);
    assertThat(client.testCompatibility(subject, required)).isFalse();
    assertThatThrownBy(() -> client.register(subject, required))
        .isInstanceOfSatisfying(
            RestClientException.class,
            e -> {
              assertThat(e.getStatus()).isEqualTo(409);
              assertThat(e.getErrorCode()).isEqualTo(409);
            });
    assertThat(client.updateCompatibility(subject, "NONE")).isEqualTo("NONE");
    assertThat(client.getCompatibility(subject)).isEqualTo("NONE");
    client.register(subject, required);
    assertThat(client.deleteSchemaVersion(subject, "1")).isEqualTo(1);
    assertThat(client.deleteSubject(subject)).containsExactly(2);
    assertThatThrownBy(() -> client.getAllVersions(subject))
        .isInstanceOfSatisfying(
            RestClientException.class, e -> assertThat(e.getErrorCode()).isEqualTo(40401));
  }
}
