package io.bottledwater.e2e;

import static io.bottledwater.e2e.TopicReader.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tables whose changes did not reach the topic for a while, because somebody left them out. */
class ReturningTablesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestKafka kafka = TestKafka.shared();

  @Test
  void readsATableAgainThatWasExcludedWhileItChanged() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute(
          "CREATE TABLE other (id int PRIMARY KEY)",
          "CREATE TABLE quiet (id int PRIMARY KEY)",
          "INSERT INTO quiet VALUES (1)",
          "CREATE TABLE t (id int PRIMARY KEY)",
          "INSERT INTO t VALUES (1), (2)");
      try (PumpUnderTest pump = pump(database).startStreaming()) {
        TopicReader.await(kafka, database.name() + ".t", 2);
        assertThat(pump.stop()).isZero();
      }
      try (PumpUnderTest pump =
          pump(database).with("--exclude-tables=public.t,public.quiet").startStreaming()) {
        database.execute(
            "INSERT INTO t VALUES (3)",
            "DELETE FROM t WHERE id = 1",
            "INSERT INTO other VALUES (1)");
        TopicReader.await(kafka, database.name() + ".other", 1);
        pump.process().awaitLine("WARN.*public\\.t.*left out", PATIENCE);
        assertThat(pump.stop()).isZero();
      }
      try (PumpUnderTest pump = pump(database).startStreaming()) {
        database.execute("INSERT INTO t VALUES (4)", "INSERT INTO quiet VALUES (2)");

        // What was deleted meanwhile stays: that is the gap which the state topic names.
        awaitKeys(database, "t", 1, 2, 3, 4);
        // Nothing of this one was left out, so it is not read again.
        assertThat(TopicReader.lines(TopicReader.await(kafka, database.name() + ".quiet", 2)))
            .containsExactly("r {\"id\":1} {\"id\":1}", "c {\"id\":2} {\"id\":2}");
        assertThat(TopicReader.read(kafka, database.name() + ".bottledwater.state"))
            .filteredOn(r -> text(r.key()).contains(":gap/"))
            .singleElement()
            .satisfies(r -> assertThat(text(r.value())).contains("public.t", "from"));
        assertThat(pump.stop()).isZero();
      }
    }
  }

  @Test
  void readsATableWholeThatWasExcludedInTheMidstOfItsSnapshot() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute(
          "CREATE TABLE other (id int PRIMARY KEY)",
          "CREATE TABLE t (id int PRIMARY KEY, v int)",
          "INSERT INTO t VALUES (1, 0), (2, 0)");
      try (PumpUnderTest pump = pump(database).haltingAt("SNAPSHOT_PLANNED:1").start()) {
        assertThat(pump.process().awaitExit(PATIENCE)).isEqualTo(137);
      }
      try (PumpUnderTest pump = pump(database).with("--exclude-tables=public.t").startStreaming()) {
        database.execute("UPDATE t SET v = 1 WHERE id = 1", "INSERT INTO other VALUES (1)");
        TopicReader.await(kafka, database.name() + ".other", 1);
        assertThat(pump.stop()).isZero();
      }
      try (PumpUnderTest pump = pump(database).startStreaming()) {
        database.execute("INSERT INTO t VALUES (3, 0)");

        awaitKeys(database, "t", 1, 2, 3);
        assertThat(pump.stop()).isZero();
      }
    }
  }

  @Test
  void readsATableAgainThatWasRenamedOutOfTheFilterAndBack() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
      try (PumpUnderTest pump =
          pump(database).with("--exclude-tables=public.hidden").startStreaming()) {
        TopicReader.await(kafka, database.name() + ".t", 1);
        database.execute(
            "ALTER TABLE t RENAME TO hidden",
            "INSERT INTO hidden VALUES (2)",
            "ALTER TABLE hidden RENAME TO t",
            "INSERT INTO t VALUES (3)");

        awaitKeys(database, "t", 1, 2, 3);
        assertThat(pump.stop()).isZero();
      }
    }
  }

  @Test
  void readsATableAgainThatWasNotInThePublicationForAWhile() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute(
          "CREATE TABLE t (id int PRIMARY KEY)",
          "INSERT INTO t VALUES (1)",
          "CREATE PUBLICATION theirs FOR TABLE t");
      try (PumpUnderTest pump = pump(database).with("--publication=theirs").startStreaming()) {
        database.execute("INSERT INTO t VALUES (2)");
        awaitKeys(database, "t", 1, 2);
        database.execute(
            "ALTER PUBLICATION theirs DROP TABLE t",
            "INSERT INTO t VALUES (3)",
            "ALTER PUBLICATION theirs ADD TABLE t",
            "INSERT INTO t VALUES (4)");
        awaitKeys(database, "t", 1, 2, 3, 4);
        assertThat(pump.stop()).isZero();
      }
      database.execute(
          "ALTER PUBLICATION theirs DROP TABLE t",
          "INSERT INTO t VALUES (5)",
          "ALTER PUBLICATION theirs ADD TABLE t",
          "INSERT INTO t VALUES (6)");
      try (PumpUnderTest pump = pump(database).with("--publication=theirs").startStreaming()) {
        awaitKeys(database, "t", 1, 2, 3, 4, 5, 6);
        assertThat(pump.stop()).isZero();
      }
    }
  }

  private PumpUnderTest pump(TestDatabase database) {
    return PumpUnderTest.of(database, kafka).with("--output-format=json");
  }

  private void awaitKeys(TestDatabase database, String table, int... ids) {
    String topic = database.name() + "." + table;
    TopicReader.until(
        "all rows of " + table,
        () -> {
          Set<String> keys = TopicReader.newest(TopicReader.read(kafka, topic)).keySet();
          for (int id : ids) {
            if (!keys.contains("{\"id\":" + id + "}")) {
              return false;
            }
          }
          return keys.size() == ids.length;
        });
  }
}
