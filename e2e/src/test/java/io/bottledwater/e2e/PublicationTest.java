package io.bottledwater.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Publications and tables that somebody else makes, alters and drops. */
class PublicationTest {
  private final TestKafka kafka = TestKafka.shared();

  @Test
  void refusesAPublicationThatNamesPartitionsAndStopsWhenItIsDropped() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute(
          "CREATE TABLE orders (id int PRIMARY KEY) PARTITION BY RANGE (id)",
          "CREATE TABLE low PARTITION OF orders DEFAULT",
          "CREATE PUBLICATION theirs FOR TABLE orders WITH (publish = 'insert')");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka)
              .with("--output-format=json", "--publication=theirs")
              .start()) {
        PumpUnderTest.End end = pump.awaitEnd();
        assertThat(end.code()).isEqualTo(3);
        String line = end.lastLine();
        assertThat(line).contains("BW-PUBLICATION", "public.orders");
        database.execute(line.substring(line.indexOf("ALTER PUBLICATION")));

        pump.startStreaming();
        pump.process().awaitLine("WARN.*theirs.*updates left out", Duration.ofSeconds(60));
        database.execute("INSERT INTO orders VALUES (1)");
        TopicReader.await(kafka, database.name() + ".orders", 1);
        database.execute("DROP PUBLICATION theirs", "INSERT INTO orders VALUES (2)");
        end = pump.awaitEnd();
        assertThat(end.code()).as(end.lastLine()).isEqualTo(3);
        assertThat(end.lastLine()).contains("BW-PUBLICATION", "publication");
      }
    }
  }

  @Test
  void showsInTheSnapshotWhatThePublicationShows() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute(
          "CREATE TABLE people (id int PRIMARY KEY, name text, salary int)",
          "INSERT INTO people VALUES (1, 'Ann', 1), (11, 'Nobody', 1)",
          "CREATE PUBLICATION parts FOR TABLE people (id, name) WHERE (id < 10)");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka)
              .with("--output-format=json", "--publication=parts")
              .startStreaming()) {
        database.execute(
            "INSERT INTO people VALUES (10, 'Ned', 5)", "INSERT INTO people VALUES (2, 'Bea', 3)");
        assertThat(TopicReader.lines(TopicReader.await(kafka, database.name() + ".people", 2)))
            .containsExactly(
                "r {\"id\":1} {\"id\":1,\"name\":\"Ann\"}",
                "c {\"id\":2} {\"id\":2,\"name\":\"Bea\"}");
        assertThat(pump.stop()).isZero();
      }
    }
  }

  @Test
  void startsAnewWhenATableIsDroppedUnderItsHands() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute(
          "CREATE TABLE kept (id int PRIMARY KEY)",
          "INSERT INTO kept VALUES (1)",
          "CREATE TABLE doomed (id int PRIMARY KEY)");
      try (PumpUnderTest pump = PumpUnderTest.of(database, kafka).with("--output-format=json");
          Connection session = database.open();
          Statement statement = session.createStatement()) {
        statement.execute("BEGIN");
        statement.execute("DROP TABLE doomed");
        pump.start();
        TopicReader.until(
            "the pump to wait for the table",
            () ->
                !database
                    .query(
                        "SELECT pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
                            + " WHERE NOT granted AND datname = current_database()")
                    .isEmpty());
        statement.execute("COMMIT");

        pump.awaitStreaming();
        assertThat(TopicReader.await(kafka, database.name() + ".kept", 1)).hasSize(1);
        assertThat(pump.process().stderr())
            .anyMatch(line -> line.contains("BW-TABLE-CHANGED") && line.contains("Trying again"));
        assertThat(pump.stop()).isZero();
      }
    }
  }
}
