package io.bottledwater.source.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.embedded.postgres.EmbeddedPostgres;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.source.catalog.PostgresConnector;
import io.bottledwater.testkit.TemporaryDirectories;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a snapshot says of itself, and when that may be recorded. */
class ExportedSnapshotTest {
  @ParameterizedTest
  @CsvSource({"100, true", "20100, false"})
  void namesAsManySubtransactionsAsTheLedgerTakes(int savepoints, boolean exact) throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase();
        Connection busy = database.open();
        Statement statement = busy.createStatement()) {
      database.execute("CREATE TABLE t (id int)");
      statement.execute("BEGIN");
      statement.execute(
          "DO $$ BEGIN FOR i IN 1.."
              + savepoints
              + " LOOP BEGIN INSERT INTO t VALUES (i); EXCEPTION WHEN division_by_zero THEN NULL;"
              + " END; END LOOP; END $$");
      // A snapshot ends behind the newest transaction that has ended.
      database.execute("SELECT txid_current()");

      try (ExportedSnapshot snapshot = ExportedSnapshot.take(connector(database))) {
        assertThat(snapshot.isExact()).isEqualTo(exact);
        assertThat(snapshot.contents().toString().length()).isLessThan(200_000);
      }
    }
  }

  @Test
  void waitsUntilWhatItSeesIsFlushed() throws Exception {
    try (EmbeddedPostgres server =
            TestPostgres.builder(17)
                .dataDirectory(TemporaryDirectories.create("late-flush"))
                .setting("wal_writer_delay", "3s")
                .start();
        TestDatabase database = TestDatabase.create(server, "late_flush")) {
      database.execute("CREATE TABLE t (id int)");
      try (Connection asynchronous = database.open();
          Statement statement = asynchronous.createStatement()) {
        statement.execute("SET synchronous_commit = off");
        for (int i = 0; i < 3; i++) {
          statement.execute("INSERT INTO t VALUES (" + i + ")");
          String end = database.query("SELECT pg_current_wal_insert_lsn()").get(0);

          try (ExportedSnapshot snapshot = ExportedSnapshot.take(connector(database))) {
            snapshot.awaitFlushed(TimeUnit.SECONDS.toMillis(30), () -> false);
          }

          String flushed = database.query("SELECT pg_current_wal_flush_lsn()").get(0);
          // What is written up to the end may end with the page before.
          assertThat(Lsn.compare(Lsn.parse(flushed), Lsn.beforePageHeader(Lsn.parse(end))))
              .isNotNegative();
        }
      }
    }
  }

  private static PostgresConnector connector(TestDatabase database) {
    Properties properties = new Properties();
    properties.setProperty("user", database.server().user());
    properties.setProperty("password", database.server().password());
    return new PostgresConnector(
        database.server().jdbcUrl(database.name()), properties, database.name());
  }
}
