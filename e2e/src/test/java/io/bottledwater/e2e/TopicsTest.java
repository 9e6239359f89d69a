package io.bottledwater.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

/** Which topics there are, how they are made, and which partition a key goes to. */
class TopicsTest {
  private final TestKafka kafka = TestKafka.shared();

  @Test
  void makesOneTopicForEachTableHoweverItIsNamed() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute(
          "CREATE SCHEMA \"point-of-sale\"",
          "CREATE SCHEMA \"Upper\"",
          "CREATE SCHEMA a",
          "CREATE SCHEMA \"a.b\"",
          "CREATE TABLE plain (id int PRIMARY KEY)",
          "INSERT INTO plain SELECT generate_series(1, 100)",
          "CREATE TABLE \"point-of-sale\".transactions (id int PRIMARY KEY)",
          "CREATE TABLE \"Upper\".\"Case Name\" (\"A\" int PRIMARY KEY, \"a\" int)",
          "CREATE TABLE \"quo\"\"te'; DROP TABLE plain; --\" (id int PRIMARY KEY)",
          "CREATE TABLE \"naïve😀\" (\"ключ\" text PRIMARY KEY)",
          "CREATE TABLE \"line\nbreak\" (\"odd \"\"\n name\" int PRIMARY KEY)",
          "CREATE TABLE \"a.b\".c (id int PRIMARY KEY)",
          "CREATE TABLE a.\"b.c\" (id int PRIMARY KEY)",
          "CREATE TABLE \".\" (id int PRIMARY KEY)",
          "CREATE TABLE log (line text)",
          "INSERT INTO \"Upper\".\"Case Name\" VALUES (1, 2)",
          "INSERT INTO \"quo\"\"te'; DROP TABLE plain; --\" VALUES (1)");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka)
              .with("--output-format=json", "--allow-unkeyed", "--partitioner=crc32")
              .with("--topic-partitions=3", "-T", "retention.ms=123456789")
              .startStreaming()) {
        database.execute(
            "INSERT INTO plain SELECT generate_series(101, 200)",
            "INSERT INTO \"line\nbreak\" VALUES (7)",
            "INSERT INTO \"naïve😀\" VALUES ('ж')",
            "INSERT INTO \"a.b\".c VALUES (1)",
            "INSERT INTO a.\"b.c\" VALUES (2)",
            "INSERT INTO log SELECT 'line' FROM generate_series(1, 50)");
        List<ConsumerRecord<byte[], byte[]>> plain =
            TopicReader.await(kafka, database.name() + ".plain", 200);
        List<ConsumerRecord<byte[], byte[]>> log =
            TopicReader.await(kafka, database.name() + ".log", 50);

        try (Admin admin = kafka.admin()) {
          assertThat(topics(admin, database.name() + "."))
              .containsExactlyInAnyOrder(
                  "bottledwater.state",
                  "plain",
                  "point-of-sale.transactions",
                  "Upper.Case_20_Name",
                  "quo_22_te_27__3b__20_DROP_20_TABLE_20_plain_3b__20_--",
                  "na_c3__af_ve_f0__9f__98__80_",
                  "line_0a_break",
                  "a_2e_b.c",
                  "a.b_2e_c",
                  "_2e_",
                  "log");
          Config keyed = config(admin, database.name() + ".plain");
          assertThat(keyed.get("cleanup.policy").value()).isEqualTo("compact");
          assertThat(keyed.get("retention.ms").value()).isEqualTo("123456789");
          Config unkeyed = config(admin, database.name() + ".log");
          assertThat(unkeyed.get("cleanup.policy").value()).isEqualTo("delete");
          assertThat(
                  admin
                      .describeTopics(List.of(database.name() + ".plain"))
                      .allTopicNames()
                      .get()
                      .get(database.name() + ".plain")
                      .partitions())
              .hasSize(3);
        }
        assertThat(plain)
            .hasSize(200)
            .allSatisfy(r -> assertThat(r.partition()).isEqualTo((int) (crc32(r.key()) % 3)));
        assertThat(log).allSatisfy(r -> assertThat(r.key()).isNull());
        assertThat(log).extracting(ConsumerRecord::partition).contains(0, 1, 2);
        assertThat(TopicReader.lines(read(database, "Upper.Case_20_Name")))
            .containsExactly("r {\"A\":1} {\"A\":1,\"a\":2}");
        assertThat(TopicReader.lines(read(database, "line_0a_break")))
            .containsExactly("c {\"odd \\\"\\n name\":7} {\"odd \\\"\\n name\":7}");
        assertThat(TopicReader.lines(read(database, "na_c3__af_ve_f0__9f__98__80_")))
            .containsExactly("c {\"ключ\":\"ж\"} {\"ключ\":\"ж\"}");
        assertThat(TopicReader.lines(read(database, "a_2e_b.c")))
            .containsExactly("c {\"id\":1} {\"id\":1}");
        assertThat(TopicReader.lines(read(database, "a.b_2e_c")))
            .containsExactly("c {\"id\":2} {\"id\":2}");
        assertThat(pump.stop()).isZero();
        assertThat(pump.process().stderr()).allMatch(line -> line.startsWith("20"));
      }
    }
  }

  @Test
  void refusesTablesThatWouldShareATopicAndTopicsTooLongForKafka() {
    String umlauts = "ü".repeat(31);
    try (TestDatabase shared = TestPostgres.version(17).newDatabase();
        TestDatabase tooLong = TestPostgres.version(17).newDatabase()) {
      shared.execute(
          "CREATE TABLE \"a b\" (id int PRIMARY KEY)",
          "CREATE TABLE \"a_20_b\" (id int PRIMARY KEY)");
      tooLong.execute(
          "CREATE SCHEMA \"" + umlauts + "\"",
          "CREATE TABLE \"" + umlauts + "\".\"" + umlauts + "\" (id int PRIMARY KEY)");
      try (PumpUnderTest first = PumpUnderTest.of(shared, kafka).with("-f", "json").start();
          PumpUnderTest second = PumpUnderTest.of(tooLong, kafka).with("-f", "json").start()) {
        PumpUnderTest.End sharing = first.awaitEnd();
        assertThat(sharing.code()).isEqualTo(3);
        assertThat(sharing.lastLine())
            .contains("BW-TOPIC-NAME", "\"public\".\"a b\"", "\"public\".\"a_20_b\"");
        PumpUnderTest.End lengthy = second.awaitEnd();
        assertThat(lengthy.code()).isEqualTo(3);
        assertThat(lengthy.lastLine()).contains("BW-TOPIC-NAME", umlauts, "249");
        assertThat(
                shared.query(
                    "SELECT slot_name FROM pg_replication_slots WHERE database = '"
                        + shared.name()
                        + "'"))
            .isEmpty();
        assertThat(shared.query("SELECT pubname FROM pg_publication")).isEmpty();
      }
    }
  }

  private List<ConsumerRecord<byte[], byte[]>> read(TestDatabase database, String topic) {
    return TopicReader.await(kafka, database.name() + "." + topic, 1);
  }

  private static Set<String> topics(Admin admin, String prefix) throws Exception {
    return admin.listTopics().names().get().stream()
        .filter(name -> name.startsWith(prefix))
        .map(name -> name.substring(prefix.length()))
        .collect(Collectors.toSet());
  }

  private static Config config(Admin admin, String topic) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    return admin.describeConfigs(List.of(resource)).all().get().get(resource);
  }

  /** As librdkafka's {@code consistent} has it: the reflected polynomial, bit by bit. */
  private static long crc32(byte[] bytes) {
    assertThat(crcOf("123456789".getBytes(UTF_8))).isEqualTo(0xCBF43926L);
    return crcOf(bytes);
  }

  private static long crcOf(byte[] bytes) {
    int crc = ~0;
    for (byte b : bytes) {
      crc ^= b & 0xFF;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ 0xEDB88320;
      }
    }
    return ~crc & 0xFFFFFFFFL;
  }
}
