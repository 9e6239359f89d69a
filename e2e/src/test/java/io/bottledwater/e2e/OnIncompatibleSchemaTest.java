package io.bottledwater.e2e;

import static io.bottledwater.e2e.TopicReader.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bottledwater.registry.server.SchemaRegistryServer;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import io.confluent.kafka.schemaregistry.client.rest.RestService;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Changes of tables that the registry does not take, as Confluent's client and readers see them.
 */
class OnIncompatibleSchemaTest {
  private final TestKafka kafka = TestKafka.shared();
  private final TestDatabase database = TestPostgres.version(17).newDatabase();
  private final String topic = database.name() + ".t";
  private SchemaRegistryServer registry;
  private RestService client;

  @BeforeEach
  void start() throws Exception {
    registry =
        SchemaRegistryServer.start(
            SchemaRegistryServer.Settings.of("127.0.0.1", 0, kafka.bootstrapServers()));
    client = new RestService(url());
  }

  @AfterEach
  void stop() {
    registry.close();
    database.close();
  }

  @Test
  void stopsWithTheDifferenceAndLosesNothing() throws Exception {
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v int, gone text)", "INSERT INTO t VALUES (1, 10)");
    try (PumpUnderTest pump = pump().startStreaming()) {
      database.execute("INSERT INTO t VALUES (2, 20)");
      TopicReader.await(kafka, topic, 2);
      database.execute(
          "ALTER TABLE t ALTER v TYPE text, DROP gone, ADD fresh date",
          "INSERT INTO t VALUES (3, 'thirty', '2026-01-01')");
      PumpUnderTest.End end = pump.awaitEnd();
      assertThat(end.code()).isEqualTo(3);
      assertThat(end.lastLine())
          .contains("BW-SCHEMA-REFUSED", "version 1 of subject " + topic + "-value")
          .contains("\"v\" integer (int) -> text (string)")
          .contains("added \"fresh\" date (int date)", "removed \"gone\" text (string)")
          .contains("--on-incompatible-schema=force", "new-topic", "PUT /config");
      assertThat(rows(topic)).containsExactly("r {\"id\": 1} 10", "c {\"id\": 2} 20");

      level("NONE", "-value");
      pump.startStreaming();
      TopicReader.await(kafka, topic, 3);
      // A key is a promise too.
      database.execute("ALTER TABLE t DROP CONSTRAINT t_pkey, ADD k int NOT NULL DEFAULT 1");
      database.execute("ALTER TABLE t ADD PRIMARY KEY (id, k)", "INSERT INTO t VALUES (4, 'four')");
      assertThat(pump.awaitEnd().lastLine())
          .contains("subject " + topic + "-key", "added \"k\" integer (int, required)");
      level("NONE", "-key");
      pump.startStreaming();
      TopicReader.await(kafka, topic, 4);
      assertThat(pump.stop()).isZero();
    }
    assertThat(rows(topic))
        .containsExactly(
            "r {\"id\": 1} 10",
            "c {\"id\": 2} 20",
            "c {\"id\": 3} thirty",
            "c {\"id\": 4, \"k\": 1} four");
  }

  @Test
  void forcesASchemaAndPutsTheLevelsBack() throws Exception {
    database.execute("CREATE TABLE t (id int PRIMARY KEY, v int)", "INSERT INTO t VALUES (1, 10)");
    try (PumpUnderTest pump = pump("--on-incompatible-schema=force").startStreaming()) {
      TopicReader.await(kafka, topic, 1);
      level("FULL_TRANSITIVE", "-value");
      database.execute(
          "BEGIN; INSERT INTO t VALUES (2, 20); ALTER TABLE t ALTER v TYPE text, ALTER id TYPE"
              + " text; INSERT INTO t VALUES ('three', 'thirty'); COMMIT");
      TopicReader.await(kafka, topic, 3);
      pump.kill9();
      database.execute(
          "ALTER TABLE t ALTER v TYPE date USING '2026-01-01'", "DELETE FROM t WHERE id = '1'");
      database.execute("INSERT INTO t VALUES ('4', '1970-01-05')");
      pump.startStreaming();
      TopicReader.await(kafka, topic, 5);
      assertThat(pump.stop()).isZero();
      assertThat(pump.process().stderr())
          .anyMatch(
              line ->
                  line.contains("WARN")
                      && line.contains("\"v\" text (string) -> date (int date)")
                      && line.contains("FULL_TRANSITIVE again"));
    }
    assertThat(rows(topic))
        .containsExactly(
            "r {\"id\": 1} 10",
            "c {\"id\": 2} 20",
            "c {\"id\": \"three\"} thirty",
            "d {\"id\": \"1\"} null",
            "c {\"id\": \"4\"} 4");
    assertThat(client.getConfig(topic + "-value").getCompatibilityLevel())
        .isEqualTo("FULL_TRANSITIVE");
    assertThatThrownBy(() -> client.getConfig(topic + "-key"))
        .isInstanceOfSatisfying(
            RestClientException.class, e -> assertThat(e.getErrorCode()).isEqualTo(40408));
    assertThat(client.getAllVersions(topic + "-value")).containsExactly(1, 2, 3);
  }

  @Test
  void writesNewShapesToTopicsOfTheirOwnEachChangeOnce() throws Exception {
    String[] option = {"--on-incompatible-schema=new-topic"};
    database.execute("CREATE TABLE t (id int PRIMARY KEY, v int)", "INSERT INTO t VALUES (1, 10)");
    try (PumpUnderTest pump = pump(option).startStreaming()) {
      database.execute(
          "BEGIN; INSERT INTO t VALUES (2, 20); ALTER TABLE t ALTER v TYPE text; INSERT INTO t"
              + " VALUES (3, 'thirty'); DELETE FROM t WHERE id = 1; COMMIT");
      TopicReader.await(kafka, topic + ".v2", 2);
      database.execute("INSERT INTO t VALUES (4, 'forty')", "ALTER TABLE t ADD w int");
      database.execute("INSERT INTO t VALUES (5, 'fifty', 5)");
      TopicReader.await(kafka, topic + ".v2", 4);
      pump.kill9();
      // The old shape comes back, which the first topic would take: after rows of another one.
      database.execute(
          "UPDATE t SET v = '44' WHERE id = 4",
          "DELETE FROM t WHERE v !~ '^[0-9]+$'",
          "ALTER TABLE t ALTER v TYPE int USING v::int, DROP w",
          "INSERT INTO t VALUES (6, 60)");
      pump.haltingAt("COMMITTED").start();
      pump.process().awaitExit(java.time.Duration.ofSeconds(60));
      pump.process().close();
      pump.haltingAt("").startStreaming();
      TopicReader.await(kafka, topic + ".v3", 1);
      database.execute("TRUNCATE t", "INSERT INTO t VALUES (7, 70)");
      TopicReader.await(kafka, topic + ".v3", 2);
      assertThat(pump.stop()).isZero();
      pump.startStreaming();
      database.execute("UPDATE t SET v = 71");
      TopicReader.await(kafka, topic + ".v3", 3);
      assertThat(pump.stop()).isZero();
    }
    assertThat(rows(topic)).containsExactly("r {\"id\": 1} 10", "c {\"id\": 2} 20");
    assertThat(rows(topic + ".v2"))
        .containsExactly(
            "c {\"id\": 3} thirty",
            "d {\"id\": 1} null",
            "c {\"id\": 4} forty",
            "c {\"id\": 5} fifty",
            "u {\"id\": 4} 44",
            "d {\"id\": 3} null",
            "d {\"id\": 5} null");
    assertThat(rows(topic + ".v3"))
        .containsExactly("c {\"id\": 6} 60", "c {\"id\": 7} 70", "u {\"id\": 7} 71");
    assertThat(client.getAllSubjects())
        .contains(topic + ".v2-key", topic + ".v2-value", topic + ".v3-value")
        .doesNotContain(topic + ".v4-value");
    assertThat(client.getAllVersions(topic + ".v2-value")).containsExactly(1, 2);
    assertThat(
            TopicReader.text(
                TopicReader.await(kafka, database.name() + ".bottledwater.control", 1)
                    .get(0)
                    .value()))
        .contains(topic + ".v3");

    // Another pump, without that one's state, goes on in the highest.
    try (PumpUnderTest other = pump(option).slot(database.name() + "_b").startStreaming()) {
      TopicReader.await(kafka, topic + ".v3", 4);
      assertThat(other.stop()).isZero();
      assertThat(rows(topic + ".v3")).last().isEqualTo("r {\"id\": 7} 71");
    }
  }

  @Test
  void takesTopicsForProtobufAndJsonThatSomebodyElsesSchemasKeepFromTheirs() throws Exception {
    database.execute("CREATE TABLE t (id int PRIMARY KEY, v int)", "INSERT INTO t VALUES (1, 10)");
    client.registerSchema(
        "{\"type\":\"object\",\"properties\":{\"v\":{\"type\":\"string\"}},"
            + "\"additionalProperties\":true}",
        "JSON",
        List.of(),
        topic + "-value");
    try (PumpUnderTest pump = pump("--output-format=json", "--json-schema").start()) {
      PumpUnderTest.End end = pump.awaitEnd();
      assertThat(end.code()).isEqualTo(3);
      assertThat(end.lastLine()).contains("\"v\" string -> integer (integer)", "added \"id\"");
      pump.with("--on-incompatible-schema=new-topic").startStreaming();
      database.execute("INSERT INTO t VALUES (2, 20)");
      assertThat(TopicReader.await(kafka, topic + ".v2", 2)).hasSize(2);
      assertThat(pump.stop()).isZero();
    }
    try (PumpUnderTest pump =
        pump("--output-format=protobuf").slot(database.name() + "_b").start()) {
      PumpUnderTest.End end = pump.awaitEnd();
      assertThat(end.code()).isEqualTo(3);
      assertThat(end.lastLine()).contains("subject " + topic + "-key: JSON -> PROTOBUF");
      pump.with("--on-incompatible-schema=new-topic").startStreaming();
      database.execute("INSERT INTO t VALUES (3, 30)");
      assertThat(TopicReader.await(kafka, topic + ".v3", 3)).hasSize(3);
      assertThat(pump.stop()).isZero();
      assertThat(TopicReader.read(kafka, topic)).isEmpty();
    }
    assertThat(client.getLatestVersion(topic + ".v3-value").getSchemaType()).isEqualTo("PROTOBUF");
  }

  private void level(String level, String subject) throws Exception {
    client.updateCompatibility(level, topic + subject);
  }

  private PumpUnderTest pump(String... options) {
    return PumpUnderTest.of(database, kafka)
        .with("--schema-registry=" + url(), "--topic-partitions=1")
        .with(options);
  }

  private String url() {
    return "http://127.0.0.1:" + registry.address().getPort();
  }

  /** Operation, key and the value's column v of each record. */
  private List<String> rows(String from) {
    List<String> rows = new ArrayList<>();
    try (KafkaAvroDeserializer reader = new KafkaAvroDeserializer()) {
      reader.configure(Map.of("schema.registry.url", url()), false);
      for (ConsumerRecord<byte[], byte[]> record : TopicReader.read(kafka, from)) {
        Object value = reader.deserialize(from, record.value());
        rows.add(
            header(record, "bw.op")
                + " "
                + reader.deserialize(from, record.key())
                + " "
                + (value == null
                    ? "null"
                    : ((org.apache.avro.generic.GenericRecord) value).get("v")));
      }
    }
    return rows;
  }
}
