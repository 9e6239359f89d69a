package io.bottledwater.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SpecificationVersion;
import io.bottledwater.registry.server.SchemaRegistryServer;
import io.bottledwater.testkit.ProtobufCompiler;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import io.confluent.kafka.schemaregistry.client.rest.RestService;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/**
 * Protobuf and JSON with schemas, through changes of the table, as independent libraries see it.
 */
class FormatsTest {
  private final TestKafka kafka = TestKafka.shared();

  @Test
  void protobufIsReadByGooglesLibraryAndNumbersKeepTheirMeaning() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase();
        SchemaRegistryServer registry = registry()) {
      RestService client = client(registry);
      String topic = database.name() + ".t";
      runThroughChanges(database, registry, "--output-format=protobuf");

      Map<Integer, String> meanings = new HashMap<>();
      List<Integer> versions = client.getAllVersions(topic + "-value");
      assertThat(versions).hasSizeGreaterThanOrEqualTo(5);
      for (int version : versions) {
        String text = client.getVersion(topic + "-value", version).getSchema();
        for (FieldDescriptor field : ProtobufCompiler.firstMessage(text).getFields()) {
          String meaning = field.getName() + " " + field.getType();
          assertThat(meanings.putIfAbsent(field.getNumber(), meaning)).isIn(null, meaning);
        }
      }
      List<String> rows = new ArrayList<>();
      Map<Integer, Descriptor> messages = new HashMap<>();
      for (ConsumerRecord<byte[], byte[]> record : TopicReader.await(kafka, topic, 8)) {
        DynamicMessage key = decode(client, messages, record.key());
        assertThat(key.getDescriptorForType().getName()).isEqualTo("t_key");
        rows.add(shown(key) + " " + shown(decode(client, messages, record.value())));
      }
      assertThat(rows)
          .containsExactly(
              "{id=1} {id=1, a=one, n=1.50, at=9223372036854775807, iv={months=14, days=3, micros=4}}",
              "{id=2} {id=2}",
              "{id=3} {id=3, a=three, extra=3}",
              "{id=4} {id=4, extra=4}",
              "{id=5} {id=5, extra=5, b=five}",
              "{id=6} {id=6, extra=6, b=six}",
              "{id=7} {id=7, extra=seven, b=seven}",
              "{id=7} null");
    }
  }

  @Test
  void jsonFitsItsSchemaAndEveryLaterOne() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase();
        SchemaRegistryServer registry = registry()) {
      RestService client = client(registry);
      String topic = database.name() + ".t";
      runThroughChanges(database, registry, "--output-format=json", "--json-schema");

      int newest = client.getLatestVersion(topic + "-value").getId();
      List<String> rows = new ArrayList<>();
      for (ConsumerRecord<byte[], byte[]> record : TopicReader.await(kafka, topic, 8)) {
        validate(client, id(record.key()), record.key());
        if (record.value() != null) {
          validate(client, id(record.value()), record.value());
          validate(client, newest, record.value());
          rows.add(new String(record.value(), 5, record.value().length - 5, UTF_8));
        }
      }
      assertThat(rows)
          .containsExactly(
              "{\"id\":1,\"a\":\"one\",\"n\":1.50,\"at\":\"infinity\",\"iv\":\"1 year 2 mons 3 days"
                  + " 00:00:00.000004\"}",
              "{\"id\":2,\"a\":null,\"n\":null,\"at\":null,\"iv\":null}",
              "{\"id\":3,\"a\":\"three\",\"n\":null,\"at\":null,\"iv\":null,\"extra\":3}",
              "{\"id\":4,\"n\":null,\"at\":null,\"iv\":null,\"extra\":4}",
              "{\"id\":5,\"n\":null,\"at\":null,\"iv\":null,\"extra\":5,\"b\":\"five\"}",
              "{\"id\":6,\"at\":null,\"iv\":null,\"extra\":6,\"b\":\"six\"}",
              "{\"id\":7,\"at\":null,\"iv\":null,\"extra\":\"seven\",\"b\":\"seven\"}");
    }
  }

  /** Writes eight records, with a change of the table between any two and a restart in between. */
  private void runThroughChanges(
      TestDatabase database, SchemaRegistryServer registry, String... options) throws Exception {
    String topic = database.name() + ".t";
    database.execute(
        "CREATE TABLE t (id bigint PRIMARY KEY, a text, n numeric(10,2), at timestamptz,"
            + " iv interval)",
        "INSERT INTO t VALUES (1, 'one', 1.5, 'infinity', '14 months 3 days 4 microseconds')",
        "INSERT INTO t VALUES (2)");
    try (PumpUnderTest pump = pump(database, registry, options).startStreaming()) {
      database.execute(
          "ALTER TABLE t ADD extra int",
          "INSERT INTO t (id, a, extra) VALUES (3, 'three', 3)",
          "ALTER TABLE t DROP a",
          "INSERT INTO t (id, extra) VALUES (4, 4)");
      TopicReader.await(kafka, topic, 4);
      // Some of it is read for the first time, some once more, after the start.
      database.execute(
          "ALTER TABLE t ADD old text",
          "ALTER TABLE t RENAME old TO b",
          "INSERT INTO t (id, extra, b) VALUES (5, 5, 'five')");
      pump.kill9();
    }
    database.execute("ALTER TABLE t DROP n", "INSERT INTO t (id, extra, b) VALUES (6, 6, 'six')");
    try (PumpUnderTest pump = pump(database, registry, options).startStreaming()) {
      database.execute(
          "ALTER TABLE t ALTER extra TYPE text",
          "INSERT INTO t (id, extra, b) VALUES (7, 'seven', 'seven')",
          "DELETE FROM t WHERE id = 7");
      TopicReader.await(kafka, topic, 8);
      assertThat(pump.stop()).isZero();
    }
  }

  private PumpUnderTest pump(
      TestDatabase database, SchemaRegistryServer registry, String... options) {
    return PumpUnderTest.of(database, kafka)
        .with("--schema-registry=" + url(registry), "--topic-partitions=1")
        .with(options);
  }

  private SchemaRegistryServer registry() throws Exception {
    return SchemaRegistryServer.start(
        SchemaRegistryServer.Settings.of("127.0.0.1", 0, kafka.bootstrapServers()));
  }

  private static String url(SchemaRegistryServer registry) {
    return "http://127.0.0.1:" + registry.address().getPort();
  }

  private static RestService client(SchemaRegistryServer registry) {
    return new RestService(url(registry));
  }

  private static int id(byte[] bytes) {
    assertThat(bytes[0]).isZero();
    return ByteBuffer.wrap(bytes, 1, 4).getInt();
  }

  private static DynamicMessage decode(
      RestService client, Map<Integer, Descriptor> messages, byte[] bytes) throws Exception {
    if (bytes == null) {
      return null;
    }
    int id = id(bytes);
    if (!messages.containsKey(id)) {
      messages.put(id, ProtobufCompiler.firstMessage(client.getId(id).getSchemaString()));
    }
    assertThat(bytes[5]).isZero();
    DynamicMessage message =
        DynamicMessage.newBuilder(messages.get(id)).mergeFrom(bytes, 6, bytes.length - 6).build();
    assertThat(message.getUnknownFields().asMap()).isEmpty();
    return message;
  }

  private static String shown(DynamicMessage message) {
    if (message == null) {
      return "null";
    }
    List<String> fields = new ArrayList<>();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (message.hasField(field)) {
        Object value = message.getField(field);
        fields.add(
            field.getName() + "=" + (value instanceof DynamicMessage inner ? shown(inner) : value));
      }
    }
    return "{" + String.join(", ", fields) + "}";
  }

  private static void validate(RestService client, int id, byte[] bytes) throws Exception {
    Schema schema =
        com.networknt.schema.SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
            .getSchema(client.getId(id).getSchemaString(), InputFormat.JSON);
    String text = new String(bytes, 5, bytes.length - 5, UTF_8);
    assertThat(schema.validate(text, InputFormat.JSON)).isEmpty();
  }
}
