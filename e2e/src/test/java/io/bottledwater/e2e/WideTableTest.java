package io.bottledwater.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.registry.server.SchemaRegistryServer;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** As many columns as PostgreSQL allows. */
class WideTableTest {
  private static final int COLUMNS = 1600;

  private final TestKafka kafka = TestKafka.shared();

  @Test
  void carriesEveryColumnThroughSnapshotAndStream() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase();
        SchemaRegistryServer registry =
            SchemaRegistryServer.start(
                SchemaRegistryServer.Settings.of("127.0.0.1", 0, kafka.bootstrapServers()))) {
      RegistryAvro avro = new RegistryAvro(registry);
      String topic = database.name() + ".t";
      database.execute(
          "CREATE TABLE t (c0 int PRIMARY KEY, " + columns("c%1$d int", "c%1$d text") + ")",
          "INSERT INTO t VALUES (1, " + columns("%1$d", "'%1$d'") + ")");
      String first = row(database, 1);
      try (PumpUnderTest pump = pump(database, avro).startStreaming();
          PumpUnderTest json =
              pump(database, avro).slot(database.name() + "_json").with("--output-format=json")) {
        database.execute("INSERT INTO t VALUES (2, " + columns("-%1$d", "NULL") + ")");
        String second = row(database, 2);
        database.execute(
            "UPDATE t SET c1598 = 7, c1599 = 'changed' WHERE c0 = 2", "DELETE FROM t WHERE c0 = 1");
        List<ConsumerRecord<byte[], byte[]>> records = TopicReader.await(kafka, topic, 4);
        assertThat(records).hasSize(4);
        assertThat(values(avro.read(records.get(0).value()))).isEqualTo(first);
        assertThat(values(avro.read(records.get(1).value()))).isEqualTo(second);
        assertThat(values(avro.read(records.get(2).value()))).isEqualTo(row(database, 2));
        assertThat(avro.read(records.get(3).key()).get("c0")).isEqualTo(1);
        assertThat(records.get(3).value()).isNull();
        assertThat(pump.stop()).isZero();

        json.startStreaming();
        database.execute("INSERT INTO t VALUES (3, " + columns("%1$d", "'%1$d'") + ")");
        records = TopicReader.await(kafka, topic, 6);
        assertThat(TopicReader.text(records.get(4).value())).isEqualTo(rowToJson(database, 2));
        assertThat(TopicReader.text(records.get(5).value())).isEqualTo(rowToJson(database, 3));
        assertThat(json.stop()).isZero();
      }
    }
  }

  private PumpUnderTest pump(TestDatabase database, RegistryAvro avro) {
    return PumpUnderTest.of(database, kafka)
        .with("--schema-registry=" + avro.url(), "--topic-partitions=1");
  }

  /** For all columns but the first, integers and texts by turns. */
  private static String columns(String ofInt, String ofText) {
    return IntStream.range(1, COLUMNS)
        .mapToObj(i -> (i % 2 == 0 ? ofInt : ofText).formatted(i))
        .collect(Collectors.joining(", "));
  }

  private static String row(TestDatabase database, int id) {
    return database
        .query(
            "SELECT string_agg(coalesce(value, 'null'), ',' ORDER BY substr(key, 2)::int)"
                + " FROM t, json_each_text(row_to_json(t)) WHERE c0 = "
                + id)
        .get(0);
  }

  private static String rowToJson(TestDatabase database, int id) {
    return database.query("SELECT row_to_json(t) FROM t WHERE c0 = " + id).get(0);
  }

  private static String values(GenericRecord record) {
    return IntStream.range(0, COLUMNS)
        .mapToObj(i -> String.valueOf(record.get("c" + i)))
        .collect(Collectors.joining(","));
  }
}
