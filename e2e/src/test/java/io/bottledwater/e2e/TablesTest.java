package io.bottledwater.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kinds and shapes of tables, and which of them are exported. */
class TablesTest {
  private final TestKafka kafka = TestKafka.shared();

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void exportsPartitionsAsTheirRootAndTablesOfAnyShape(int version) throws Exception {
    try (TestDatabase database = TestPostgres.version(version).newDatabase()) {
      String manyColumns =
          IntStream.range(0, 300).mapToObj(i -> "c" + i + " int").collect(Collectors.joining(", "));
      database.execute(
          "CREATE SCHEMA hidden",
          "CREATE TABLE orders (id int, kind text, day date, PRIMARY KEY (id, day, kind))"
              + " PARTITION BY RANGE (day)",
          "CREATE TABLE orders_old PARTITION OF orders FOR VALUES FROM (MINVALUE) TO ('2020-01-01')"
              + " PARTITION BY LIST (kind)",
          "CREATE TABLE orders_old_a PARTITION OF orders_old FOR VALUES IN ('a')",
          // Elsewhere, and with its columns in another order.
          "CREATE TABLE hidden.orders_old_b (day date NOT NULL, kind text NOT NULL, id int NOT NULL)",
          "ALTER TABLE orders_old ATTACH PARTITION hidden.orders_old_b FOR VALUES IN ('b')",
          "CREATE TABLE orders_new PARTITION OF orders DEFAULT",
          "INSERT INTO orders VALUES (1, 'a', '2019-01-01'), (2, 'b', '2019-01-01')",
          "CREATE TABLE parent (id int PRIMARY KEY)",
          "CREATE TABLE child (extra int, PRIMARY KEY (id)) INHERITS (parent)",
          "INSERT INTO parent VALUES (1)",
          "INSERT INTO child VALUES (2, 20)",
          "CREATE TABLE bare ()",
          "INSERT INTO bare DEFAULT VALUES",
          "CREATE TABLE wide (id int PRIMARY KEY, " + manyColumns + ")",
          "INSERT INTO wide (id, c299) VALUES (1, 299)",
          "CREATE TABLE changed (id int PRIMARY KEY, gone text, kept text,"
              + " twice int GENERATED ALWAYS AS (id * 2) STORED)",
          "ALTER TABLE changed DROP COLUMN gone",
          "INSERT INTO changed (id, kept) VALUES (1, 'a')",
          "CREATE UNLOGGED TABLE unlogged (id int PRIMARY KEY)",
          "CREATE TABLE secret_a (id int PRIMARY KEY)",
          "CREATE TABLE hidden.secret (id int PRIMARY KEY)",
          "INSERT INTO secret_a VALUES (1)",
          "CREATE VIEW seen AS SELECT * FROM parent",
          "CREATE MATERIALIZED VIEW stored AS SELECT * FROM parent");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka)
              .with("--output-format=json", "--allow-unkeyed")
              .with("--exclude-tables=public.secret*,hidden.*")
              .startStreaming()) {
        database.execute(
            "INSERT INTO orders VALUES (3, 'b', '2018-01-01'), (4, 'z', '2024-01-01')",
            "UPDATE orders SET day = '2023-01-01' WHERE id = 1",
            "INSERT INTO child VALUES (3, 30)",
            "UPDATE parent SET id = id + 10",
            "INSERT INTO bare DEFAULT VALUES",
            "INSERT INTO wide (id, c0) VALUES (2, 0)",
            "INSERT INTO changed (id, kept) VALUES (2, 'b')",
            "ALTER TABLE changed DROP COLUMN twice",
            "ALTER TABLE changed ADD COLUMN later int",
            "INSERT INTO changed VALUES (3, 'c', 7)",
            "INSERT INTO secret_a VALUES (2)",
            "INSERT INTO hidden.secret VALUES (2)",
            "TRUNCATE orders, parent");

        assertThat(lines(database, "bottledwater.control", 3))
            .hasSize(3)
            .allSatisfy(
                line -> assertThat(line).startsWith("t ").contains("\"operation\":\"truncate\""))
            .anySatisfy(
                line -> assertThat(line).contains("{\"topic\":\"" + database.name() + ".orders\"}"))
            .anySatisfy(
                line -> assertThat(line).contains("{\"topic\":\"" + database.name() + ".parent\"}"))
            .anySatisfy(
                line -> assertThat(line).contains("\"schema\":\"public\",\"table\":\"child\""));
        List<String> orders = lines(database, "orders", 6);
        assertThat(orders.subList(0, 2))
            .containsExactlyInAnyOrder(
                "r {\"id\":1,\"day\":\"2019-01-01\",\"kind\":\"a\"}"
                    + " {\"id\":1,\"kind\":\"a\",\"day\":\"2019-01-01\"}",
                "r {\"id\":2,\"day\":\"2019-01-01\",\"kind\":\"b\"}"
                    + " {\"id\":2,\"kind\":\"b\",\"day\":\"2019-01-01\"}");
        assertThat(orders.subList(2, orders.size()))
            .containsExactly(
                "c {\"id\":3,\"day\":\"2018-01-01\",\"kind\":\"b\"}"
                    + " {\"id\":3,\"kind\":\"b\",\"day\":\"2018-01-01\"}",
                "c {\"id\":4,\"day\":\"2024-01-01\",\"kind\":\"z\"}"
                    + " {\"id\":4,\"kind\":\"z\",\"day\":\"2024-01-01\"}",
                "d {\"id\":1,\"day\":\"2019-01-01\",\"kind\":\"a\"} null",
                "c {\"id\":1,\"day\":\"2023-01-01\",\"kind\":\"a\"}"
                    + " {\"id\":1,\"kind\":\"a\",\"day\":\"2023-01-01\"}");
        assertThat(lines(database, "parent", 3))
            .containsExactly(
                "r {\"id\":1} {\"id\":1}", "d {\"id\":1} null", "u {\"id\":11} {\"id\":11}");
        assertThat(lines(database, "child", 6))
            .containsExactly(
                "r {\"id\":2} {\"id\":2,\"extra\":20}",
                "c {\"id\":3} {\"id\":3,\"extra\":30}",
                "d {\"id\":2} null",
                "u {\"id\":12} {\"id\":12,\"extra\":20}",
                "d {\"id\":3} null",
                "u {\"id\":13} {\"id\":13,\"extra\":30}");
        assertThat(lines(database, "bare", 2)).containsExactly("r null {}", "c null {}");
        List<String> wide = lines(database, "wide", 2);
        assertThat(wide.get(0)).startsWith("r {\"id\":1}").endsWith("\"c298\":null,\"c299\":299}");
        assertThat(wide.get(1)).startsWith("c {\"id\":2} {\"id\":2,\"c0\":0,\"c1\":null,");
        assertThat(lines(database, "changed", 3))
            .containsExactly(
                "r {\"id\":1} {\"id\":1,\"kept\":\"a\"}",
                "c {\"id\":2} {\"id\":2,\"kept\":\"b\"}",
                "c {\"id\":3} {\"id\":3,\"kept\":\"c\",\"later\":7}");
        try (Admin admin = kafka.admin()) {
          assertThat(admin.listTopics().names().get())
              .filteredOn(name -> name.startsWith(database.name() + "."))
              .extracting(name -> name.substring(database.name().length() + 1))
              .containsExactlyInAnyOrder(
                  "bottledwater.state",
                  "bottledwater.control",
                  "orders",
                  "parent",
                  "child",
                  "bare",
                  "wide",
                  "changed");
        }
        assertThat(pump.stop()).isZero();
      }
    }
  }

  @Test
  void exportsOnlyTheTablesAskedForWhateverThePublicationHolds() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute(
          "CREATE TABLE wanted (id int PRIMARY KEY)",
          "CREATE TABLE secret (id int PRIMARY KEY)",
          "INSERT INTO secret VALUES (1)",
          "CREATE PUBLICATION everything FOR ALL TABLES");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka)
              .with("--output-format=json", "--publication=everything", "--tables=public.w*")
              .startStreaming()) {
        database.execute(
            "INSERT INTO secret VALUES (2)",
            "INSERT INTO wanted VALUES (1)",
            "TRUNCATE secret",
            "CREATE TABLE wanted_later (id int PRIMARY KEY); INSERT INTO wanted_later VALUES (1)");

        assertThat(lines(database, "wanted_later", 1)).containsExactly("r {\"id\":1} {\"id\":1}");
        assertThat(lines(database, "wanted", 1)).containsExactly("c {\"id\":1} {\"id\":1}");
        try (Admin admin = kafka.admin()) {
          assertThat(admin.listTopics().names().get())
              .filteredOn(name -> name.startsWith(database.name() + "."))
              .containsExactlyInAnyOrder(
                  database.name() + ".bottledwater.state",
                  database.name() + ".wanted",
                  database.name() + ".wanted_later");
        }
        assertThat(pump.stop()).isZero();
      }
    }
  }

  private List<String> lines(TestDatabase database, String topic, int count) {
    return TopicReader.lines(TopicReader.await(kafka, database.name() + "." + topic, count));
  }
}
