package io.bottledwater.e2e;

import static io.bottledwater.e2e.TopicReader.header;
import static io.bottledwater.e2e.TopicReader.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.e2e.campaign.FaultyProxy;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Tables that appear while the pump streams, or between two of its runs. */
class NewTablesTest {
  private static final int LARGE = 200_000;

  private final TestKafka kafka = TestKafka.shared();

  @Test
  void takesInATableThatIsCreatedWhileStreamingWithEachRowOnce() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase();
        Connection open = database.open();
        Statement statement = open.createStatement()) {
      database.execute("CREATE TABLE old (id int PRIMARY KEY)");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka).with("--output-format=json").startStreaming()) {
        database.execute(
            "CREATE TABLE fresh (id int PRIMARY KEY, v int)",
            "INSERT INTO fresh SELECT i, 0 FROM generate_series(1, 100) i");
        // Still open when the table joins the publication, so not published in full.
        open.setAutoCommit(false);
        statement.execute("INSERT INTO fresh VALUES (1000, 0)");
        TopicReader.until(
            "the table to join the publication",
            () ->
                !database
                    .query("SELECT 1 FROM pg_publication_tables WHERE tablename = 'fresh'")
                    .isEmpty());
        statement.execute("INSERT INTO fresh VALUES (1001, 0)");
        database.execute("INSERT INTO old VALUES (1)");
        TopicReader.await(kafka, database.name() + ".old", 1);
        open.commit();
        TopicReader.await(kafka, database.name() + ".fresh", 102);
        database.execute(
            "UPDATE fresh SET v = 1 WHERE id = 1001", "DELETE FROM fresh WHERE id = 1");

        List<ConsumerRecord<byte[], byte[]>> records =
            TopicReader.await(kafka, database.name() + ".fresh", 104);

        List<String> expected = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
          expected.add("{\"id\":" + i + "}");
        }
        expected.addAll(List.of("{\"id\":1000}", "{\"id\":1001}"));
        assertThat(records.subList(0, 102))
            .extracting(r -> text(r.key()))
            .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(records.subList(102, 104))
            .extracting(r -> header(r, "bw.op") + text(r.key()))
            .containsExactly("u{\"id\":1001}", "d{\"id\":1}");
        assertThat(pump.stop()).isZero();
      }
    }
  }

  @Test
  void readsATableThatAFilterNowLetsInAndNoOtherAgain() {
    try (TestDatabase database = TestPostgres.version(15).newDatabase()) {
      database.execute(
          "CREATE TABLE a (id int PRIMARY KEY)",
          "CREATE TABLE b (id int PRIMARY KEY)",
          "INSERT INTO a VALUES (1)",
          "INSERT INTO b VALUES (1)");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka)
              .with("--output-format=json", "--tables=public.a")
              .startStreaming()) {
        TopicReader.await(kafka, database.name() + ".a", 1);
        assertThat(pump.stop()).isZero();
      }
      database.execute("INSERT INTO a VALUES (2)", "INSERT INTO b VALUES (2)");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka)
              .with("--output-format=json", "--tables=public.*")
              .startStreaming()) {
        database.execute("INSERT INTO b VALUES (3)");

        assertThat(TopicReader.await(kafka, database.name() + ".b", 3))
            .extracting(r -> text(r.key()))
            .containsExactly("{\"id\":1}", "{\"id\":2}", "{\"id\":3}");
        assertThat(TopicReader.await(kafka, database.name() + ".a", 2))
            .extracting(r -> header(r, "bw.op") + text(r.key()))
            .containsExactly("r{\"id\":1}", "c{\"id\":2}");
        assertThat(pump.stop()).isZero();
      }
    }
  }

  @Test
  void streamsOtherTablesWhileALargeNewOneIsReadAndChanged() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase();
        FaultyProxy proxy = new FaultyProxy(database.server().port())) {
      database.execute("CREATE TABLE old (id int PRIMARY KEY)");
      // So that the reading has not ended on any machine before there are changes.
      proxy.slow(20_000_000, 0);
      String port = ":" + database.server().port() + "/";
      String uri = database.uri().replace(port, ":" + proxy.port() + "/");
      try (PumpUnderTest pump =
          PumpUnderTest.of(uri, database, kafka)
              .with("--output-format=json", "--snapshot-threads=1")
              .startStreaming()) {
        // Large enough for dozens of chunks. Moving rows about is what a reader of pages could
        // miss or meet twice.
        database.execute(
            "CREATE TABLE items (id bigint PRIMARY KEY, customer int, amount numeric(12,2),"
                + " note text, created timestamptz, active boolean) WITH (fillfactor = 90,"
                + " autovacuum_enabled = off);"
                // In one transaction: the pump looks when it likes, and must not find it empty.
                + " INSERT INTO items SELECT i, 0, 1, repeat(md5(i::text), 40), now(), true"
                + " FROM generate_series(0, "
                + (LARGE - 1)
                + ") i");
        String items = database.name() + ".items";
        long after;
        try (RandomWriter first = new RandomWriter(database, LARGE, 0, 11);
            RandomWriter second = new RandomWriter(database, LARGE, 1, 12)) {
          TopicReader.until("the first rows", () -> RebuiltTable.size(kafka, items) > 0);
          database.execute("INSERT INTO old VALUES (1)");
          TopicReader.await(kafka, database.name() + ".old", 1);
          after = RebuiltTable.size(kafka, items);
          proxy.slow(0, 0);
          pump.process().awaitLine("Snapshot finished: [1-9][0-9,]* rows", Duration.ofMinutes(3));
          assertThat(first.committed()).isPositive();
          assertThat(second.committed()).isPositive();
        }
        database.execute("INSERT INTO items VALUES (-1, 0, 0, 'the end', now(), true)");

        RebuiltTable rebuilt = RebuiltTable.read(kafka, items);
        assertThat(rebuilt.rowsReadFrom(after)).as("rows read after the change").isPositive();
        assertThat(rebuilt.rows()).isEqualTo(RebuiltTable.inDatabase(database));
        assertThat(pump.stop()).isZero();
      }
    }
  }

  @Test
  void writesEachRowOnceUnderAPublicationOfAllTables() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase();
        Connection open = database.open();
        Statement statement = open.createStatement()) {
      database.execute(
          "CREATE TABLE old (id int PRIMARY KEY)", "CREATE PUBLICATION everything FOR ALL TABLES");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka)
              .with("--output-format=json", "--publication=everything")
              .startStreaming()) {
        // Keeps new tables waiting, so that the stream has brought their rows before.
        open.setAutoCommit(false);
        statement.execute("INSERT INTO old VALUES (1)");
        database.execute(
            "CREATE TABLE fresh (id int PRIMARY KEY, v int)",
            "INSERT INTO fresh VALUES (1, 0), (2, 0)",
            "UPDATE fresh SET v = 1 WHERE id = 1",
            "INSERT INTO old VALUES (2)");
        TopicReader.await(kafka, database.name() + ".old", 1);
        open.commit();
        pump.process().awaitLine("Snapshot finished: 2 rows", Duration.ofSeconds(60));
        database.execute("INSERT INTO fresh VALUES (3, 0)");

        assertThat(TopicReader.lines(TopicReader.await(kafka, database.name() + ".fresh", 3)))
            .containsExactlyInAnyOrder(
                "r {\"id\":1} {\"id\":1,\"v\":1}",
                "r {\"id\":2} {\"id\":2,\"v\":0}",
                "c {\"id\":3} {\"id\":3,\"v\":0}");
        assertThat(pump.stop()).isZero();
      }
    }
  }

  @Test
  void streamsOtherTablesWhileANewOneIsLocked() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase();
        Connection holder = database.open();
        Statement inHolder = holder.createStatement()) {
      database.execute("CREATE TABLE old (id int PRIMARY KEY)");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka).with("--output-format=json").startStreaming()) {
        int row = 0;
        // As VACUUM locks a table, then as ALTER TABLE does.
        for (String mode : List.of("SHARE UPDATE EXCLUSIVE", "ACCESS EXCLUSIVE")) {
          String table = "fresh" + row;
          inHolder.execute("BEGIN");
          inHolder.execute("CREATE TABLE " + table + " (id int PRIMARY KEY)");
          inHolder.execute("INSERT INTO " + table + " VALUES (1)");
          inHolder.execute("COMMIT; BEGIN; LOCK TABLE " + table + " IN " + mode + " MODE");
          // Time enough to look for it.
          Thread.sleep(4000);
          row++;
          database.execute("INSERT INTO old VALUES (" + row + ")");
          TopicReader.await(kafka, database.name() + ".old", row);
          inHolder.execute("COMMIT");
          TopicReader.await(kafka, database.name() + "." + table, 1);
        }
        // A table that is exported already, and whose lock the catalog's views would wait for.
        inHolder.execute("BEGIN; LOCK TABLE fresh0");
        database.execute("CREATE TABLE last (id int PRIMARY KEY)", "INSERT INTO last VALUES (1)");
        Thread.sleep(4000);
        database.execute("INSERT INTO old VALUES (10)");
        TopicReader.await(kafka, database.name() + ".old", row + 1);
        inHolder.execute("COMMIT");
        TopicReader.await(kafka, database.name() + ".last", 1);
        assertThat(pump.stop()).isZero();
      }
    }
  }

  @Test
  void takesInTablesWithoutKeyThatAppearLater() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute("CREATE TABLE old (id int PRIMARY KEY)");
      try (PumpUnderTest pump = unkeyed(database).startStreaming()) {
        database.execute("CREATE TABLE log1 (v int); INSERT INTO log1 VALUES (1)");
        TopicReader.await(kafka, database.name() + ".log1", 1);
        database.execute("INSERT INTO log1 VALUES (2)", "UPDATE log1 SET v = 3");
        assertThat(TopicReader.lines(TopicReader.await(kafka, database.name() + ".log1", 2)))
            .containsExactly("r null {\"v\":1}", "c null {\"v\":2}");
        assertThat(pump.stop()).isZero();
      }
      database.execute("CREATE TABLE log2 (v int)", "INSERT INTO log2 VALUES (1)");
      try (PumpUnderTest pump = unkeyed(database).startStreaming()) {
        TopicReader.await(kafka, database.name() + ".log2", 1);
        database.execute("INSERT INTO log2 VALUES (2)", "INSERT INTO log1 VALUES (4)");
        TopicReader.await(kafka, database.name() + ".log2", 2);
        TopicReader.await(kafka, database.name() + ".log1", 3);
        assertThat(pump.stop()).isZero();
      }
    }
  }

  private PumpUnderTest unkeyed(TestDatabase database) {
    return PumpUnderTest.of(database, kafka).with("--output-format=json", "--allow-unkeyed");
  }
}
