package io.bottledwater.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the key of a record is, and what becomes of tables that have none. */
class KeysTest {
  private final TestKafka kafka = TestKafka.shared();

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void keysRecordsByReplicaIdentityIndexThenPrimaryKey(int version) {
    try (TestDatabase database = TestPostgres.version(version).newDatabase()) {
      database.execute(
          "CREATE TABLE composite (a int, b text, c text, PRIMARY KEY (c, a))",
          "INSERT INTO composite VALUES (1, 'x', 'k')",
          "CREATE TABLE by_index (id int PRIMARY KEY, extra int, code text NOT NULL)",
          "CREATE UNIQUE INDEX by_code ON by_index (code) INCLUDE (extra)",
          "ALTER TABLE by_index REPLICA IDENTITY USING INDEX by_code",
          "INSERT INTO by_index VALUES (1, 10, 'one')",
          "CREATE TABLE including (extra int, id int, PRIMARY KEY (id) INCLUDE (extra))",
          "INSERT INTO including VALUES (10, 1)",
          "CREATE TABLE full_keyed (id int PRIMARY KEY, v int)",
          "ALTER TABLE full_keyed REPLICA IDENTITY FULL",
          "INSERT INTO full_keyed VALUES (1, 10)",
          "CREATE TABLE full_unkeyed (v int)",
          "ALTER TABLE full_unkeyed REPLICA IDENTITY FULL",
          "INSERT INTO full_unkeyed VALUES (1)",
          "CREATE TABLE no_key (v int)",
          "INSERT INTO no_key VALUES (1)",
          "CREATE TABLE nothing (id int PRIMARY KEY, v int)",
          "ALTER TABLE nothing REPLICA IDENTITY NOTHING",
          "CREATE TABLE later (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, v int)",
          "INSERT INTO later VALUES (1, 1), (2, 2)");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka)
              .with("--output-format=json", "--allow-unkeyed")
              .startStreaming()) {
        database.execute(
            "UPDATE composite SET b = 'y'",
            "UPDATE composite SET a = 2",
            "DELETE FROM composite",
            "UPDATE by_index SET extra = 11",
            "UPDATE by_index SET id = 2",
            "UPDATE by_index SET code = 'two'",
            "DELETE FROM by_index",
            "UPDATE including SET extra = 11",
            "DELETE FROM including",
            "UPDATE full_keyed SET v = 11",
            "UPDATE full_keyed SET id = 2, v = 12",
            "DELETE FROM full_keyed",
            "UPDATE full_unkeyed SET v = 2",
            "DELETE FROM full_unkeyed",
            "INSERT INTO full_unkeyed VALUES (3)",
            "UPDATE no_key SET v = 2",
            "DELETE FROM no_key",
            "INSERT INTO no_key VALUES (3)",
            "INSERT INTO nothing VALUES (1, 1)",
            "UPDATE nothing SET v = 2",
            "DELETE FROM nothing",
            "UPDATE later SET id = 3 - id",
            "DELETE FROM later",
            "INSERT INTO later VALUES (3, 3)",
            "CREATE TABLE the_end (id int PRIMARY KEY)",
            "INSERT INTO composite VALUES (9, 'end', 'end')");

        assertThat(lines(database, "composite", 6))
            .containsExactly(
                "r {\"c\":\"k\",\"a\":1} {\"a\":1,\"b\":\"x\",\"c\":\"k\"}",
                "u {\"c\":\"k\",\"a\":1} {\"a\":1,\"b\":\"y\",\"c\":\"k\"}",
                "d {\"c\":\"k\",\"a\":1} null",
                "u {\"c\":\"k\",\"a\":2} {\"a\":2,\"b\":\"y\",\"c\":\"k\"}",
                "d {\"c\":\"k\",\"a\":2} null",
                "c {\"c\":\"end\",\"a\":9} {\"a\":9,\"b\":\"end\",\"c\":\"end\"}");
        assertThat(lines(database, "by_index", 6))
            .containsExactly(
                "r {\"code\":\"one\"} {\"id\":1,\"extra\":10,\"code\":\"one\"}",
                "u {\"code\":\"one\"} {\"id\":1,\"extra\":11,\"code\":\"one\"}",
                "u {\"code\":\"one\"} {\"id\":2,\"extra\":11,\"code\":\"one\"}",
                "d {\"code\":\"one\"} null",
                "u {\"code\":\"two\"} {\"id\":2,\"extra\":11,\"code\":\"two\"}",
                "d {\"code\":\"two\"} null");
        assertThat(lines(database, "including", 3))
            .containsExactly(
                "r {\"id\":1} {\"extra\":10,\"id\":1}",
                "u {\"id\":1} {\"extra\":11,\"id\":1}",
                "d {\"id\":1} null");
        assertThat(lines(database, "full_keyed", 5))
            .containsExactly(
                "r {\"id\":1} {\"id\":1,\"v\":10}",
                "u {\"id\":1} {\"id\":1,\"v\":11}",
                "d {\"id\":1} null",
                "u {\"id\":2} {\"id\":2,\"v\":12}",
                "d {\"id\":2} null");
        assertThat(lines(database, "full_unkeyed", 3))
            .containsExactly("r null {\"v\":1}", "u null {\"v\":2}", "c null {\"v\":3}");
        assertThat(lines(database, "no_key", 2))
            .containsExactly("r null {\"v\":1}", "c null {\"v\":3}");
        assertThat(lines(database, "nothing", 1)).containsExactly("c null {\"id\":1,\"v\":1}");
        assertThat(lines(database, "later", 3))
            .containsExactly(
                "r null {\"id\":1,\"v\":1}",
                "r null {\"id\":2,\"v\":2}",
                "c null {\"id\":3,\"v\":3}");
        assertThat(pump.stop()).isZero();
      }
    }
  }

  @Test
  void refusesTablesWithoutKeyUnlessAllowed() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute(
          "CREATE TABLE keyed (id int PRIMARY KEY)",
          "CREATE TABLE log (line text)",
          "CREATE TABLE whole (v int)",
          "ALTER TABLE whole REPLICA IDENTITY FULL");
      try (PumpUnderTest pump = PumpUnderTest.of(database, kafka).start()) {
        PumpUnderTest.End end = pump.awaitEnd();

        assertThat(end.code()).isEqualTo(3);
        assertThat(end.lines()).hasSize(1);
        assertThat(end.lastLine())
            .contains("BW-UNKEYED", "public.log", "public.whole", "--allow-unkeyed")
            .doesNotContain("public.keyed");
      }
    }
  }

  @Test
  void stopsWhenATableLosesItsKey() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute("CREATE TABLE items (id int PRIMARY KEY)");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka).with("--output-format=json").startStreaming()) {
        database.execute("INSERT INTO items VALUES (1)");
        assertThat(lines(database, "items", 1)).containsExactly("c {\"id\":1} {\"id\":1}");
        database.execute(
            "ALTER TABLE items DROP CONSTRAINT items_pkey", "INSERT INTO items VALUES (2)");
        PumpUnderTest.End end = pump.awaitEnd();

        assertThat(end.code()).isEqualTo(3);
        assertThat(end.lastLine()).contains("BW-UNKEYED", "public.items");
        assertThat(lines(database, "items", 1)).containsExactly("c {\"id\":1} {\"id\":1}");
      }
    }
  }

  @Test
  void keysRowsOfABacklogAsTheyWereKeyedWhenTheyWereWritten() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase();
        PumpUnderTest pump = PumpUnderTest.of(database, kafka).with("--output-format=json")) {
      database.execute("CREATE TABLE t (id int PRIMARY KEY, k int NOT NULL)");
      pump.startStreaming();
      assertThat(pump.stop()).isZero();
      database.execute(
          "INSERT INTO t VALUES (1, 1)",
          "ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (id, k)",
          "INSERT INTO t VALUES (2, 2)",
          "UPDATE t SET k = 3 WHERE id = 2",
          "ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (id)",
          "INSERT INTO t VALUES (4, 4)");
      pump.startStreaming();

      assertThat(lines(database, "t", 5))
          .containsExactly(
              "c {\"id\":1} {\"id\":1,\"k\":1}",
              "c {\"id\":2,\"k\":2} {\"id\":2,\"k\":2}",
              "d {\"id\":2,\"k\":2} null",
              "u {\"id\":2,\"k\":3} {\"id\":2,\"k\":3}",
              "c {\"id\":4} {\"id\":4,\"k\":4}");
      assertThat(pump.stop()).isZero();
    }
  }

  private List<String> lines(TestDatabase database, String table, int count) {
    return TopicReader.lines(TopicReader.await(kafka, database.name() + "." + table, count));
  }
}
