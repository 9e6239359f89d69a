package io.bottledwater.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.registry.server.SchemaRegistryServer;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** Avro records as Confluent's deserializer and Avro's own reader see them. */
class AvroReadersTest {
  private final TestKafka kafka = TestKafka.shared();

  @Test
  void isReadByConfluentsDeserializerAndAvrosOwnReader() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase();
        SchemaRegistryServer registry =
            SchemaRegistryServer.start(
                SchemaRegistryServer.Settings.of("127.0.0.1", 0, kafka.bootstrapServers()))) {
      String url = "http://127.0.0.1:" + registry.address().getPort();
      database.execute(
          "CREATE SCHEMA \"point-of-sale\"",
          "CREATE TABLE \"point-of-sale\".\"sales 2026\" (amount numeric(10,2), id bigint,"
              + " \"é\" text, paid boolean, at timestamptz, PRIMARY KEY (id))",
          "INSERT INTO \"point-of-sale\".\"sales 2026\" SELECT i / 100.0, i, 'row ' || i, true,"
              + " '2026-01-01 00:00:00.123456Z' FROM generate_series(1, 50) i");
      String topic = database.name() + ".point-of-sale.sales_20_2026";
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka)
              .with("--schema-registry=" + url + "/", "--topic-partitions=3")
              .startStreaming()) {
        database.execute(
            "UPDATE \"point-of-sale\".\"sales 2026\" SET paid = NULL WHERE id = 50",
            "ALTER TABLE \"point-of-sale\".\"sales 2026\" ADD COLUMN note text",
            "INSERT INTO \"point-of-sale\".\"sales 2026\" (id, note) VALUES (51, 'new column')",
            "DELETE FROM \"point-of-sale\".\"sales 2026\" WHERE id = 1");
        TopicReader.await(kafka, topic, 53);

        Map<Long, List<GenericRecord>> byKey = new HashMap<>();
        for (ConsumerRecord<Object, Object> record : consume(url, topic, 53)) {
          GenericRecord key = (GenericRecord) record.key();
          byKey
              .computeIfAbsent((Long) key.get("id"), id -> new ArrayList<>())
              .add((GenericRecord) record.value());
        }
        assertThat(byKey).hasSize(51);
        GenericRecord read = byKey.get(50L).get(0);
        assertThat(read.get("id")).isEqualTo(50L);
        assertThat(read.get("amount")).isEqualTo(ByteBuffer.wrap(new byte[] {50}));
        assertThat(read.get("_c3__a9_")).hasToString("row 50");
        assertThat(read.get("paid")).isEqualTo(true);
        assertThat(read.get("at")).isEqualTo(1767225600123456L);
        assertThat(byKey.get(50L).get(1).get("paid")).isNull();
        assertThat(byKey.get(51L).get(0).get("note")).hasToString("new column");
        assertThat(byKey.get(1L)).hasSize(2).last().isNull();
        Schema schema = byKey.get(51L).get(0).getSchema();
        assertThat(schema.getFullName())
            .isEqualTo(
                database.name() + "." + database.name() + ".point_2d_of_2d_sale.sales_20_2026");
        assertThat(schema.getDoc()).isEqualTo("sales 2026");
        assertThat(schema.getField("amount").getProp("pg.type")).isEqualTo("numeric(10,2)");

        CachedSchemaRegistryClient client = new CachedSchemaRegistryClient(url, 100);
        assertThat(client.getAllSubjects()).contains(topic + "-key", topic + "-value");
        assertThat(client.getAllVersions(topic + "-value")).containsExactly(1, 2);
        assertThat(client.getAllVersions(topic + "-key")).containsExactly(1);
        List<ConsumerRecord<byte[], byte[]>> raw = TopicReader.read(kafka, topic);
        for (ConsumerRecord<byte[], byte[]> record : raw) {
          assertThat(decode(client, record.key()).getSchema().getFields()).hasSize(1);
          if (record.value() != null) {
            assertThat(decode(client, record.value()).get("id"))
                .isEqualTo(decode(client, record.key()).get("id"));
          }
        }
        assertThat(raw)
            .allSatisfy(
                record -> assertThat(record.partition()).isEqualTo(stockPartition(record.key())));
        assertThat(pump.stop()).isZero();
      } finally {
        stock.close();
      }
    }
  }

  private List<ConsumerRecord<Object, Object>> consume(String registry, String topic, int count) {
    List<ConsumerRecord<Object, Object>> records = new ArrayList<>();
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", kafka.bootstrapServers());
    properties.put("group.id", topic);
    properties.put("isolation.level", "read_committed");
    properties.put("auto.offset.reset", "earliest");
    // The jar has moved Kafka's interface into a package of its own, so a lambda stands between.
    try (KafkaAvroDeserializer keys = deserializer(registry, true);
        KafkaAvroDeserializer values = deserializer(registry, false);
        KafkaConsumer<Object, Object> consumer =
            new KafkaConsumer<>(properties, keys::deserialize, values::deserialize)) {
      consumer.subscribe(List.of(topic));
      TopicReader.until(
          count + " records through a consumer group",
          () -> {
            consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            return records.size() >= count;
          });
    }
    return records;
  }

  private static KafkaAvroDeserializer deserializer(String registry, boolean keys) {
    KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer();
    deserializer.configure(Map.of("schema.registry.url", registry), keys);
    return deserializer;
  }

  private static GenericRecord decode(CachedSchemaRegistryClient client, byte[] bytes)
      throws Exception {
    ByteBuffer wire = ByteBuffer.wrap(bytes);
    assertThat(wire.get()).isZero();
    Schema schema = (Schema) client.getSchemaById(wire.getInt()).rawSchema();
    return new GenericDatumReader<GenericRecord>(schema)
        .read(null, DecoderFactory.get().binaryDecoder(bytes, 5, bytes.length - 5, null));
  }

  private final KafkaProducer<byte[], byte[]> stock =
      new KafkaProducer<>(
          Map.of("bootstrap.servers", kafka.bootstrapServers()),
          new ByteArraySerializer(),
          new ByteArraySerializer());
  private String stockTopic;

  /** Where Kafka's own producer with its default settings sends the key. */
  private int stockPartition(byte[] key) throws Exception {
    if (stockTopic == null) {
      stockTopic = "stock-" + Long.toString(System.nanoTime(), 36);
      kafka.createTopic(stockTopic, 3);
    }
    return stock.send(new ProducerRecord<>(stockTopic, key, new byte[0])).get().partition();
  }
}
