package io.bottledwater.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.embedded.postgres.EmbeddedPostgres;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGProperty;

/** A server that has few connections left: what is optional is left out, the stream goes on. */
class ShortageTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final TestKafka kafka = TestKafka.shared();

  @Test
  void readsABacklogThroughTheStreamWhenThereAreNoConnectionsForMore() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase();
        Role role = new Role(database);
        PumpUnderTest pump = role.pump(kafka)) {
      pump.startStreaming();
      assertThat(pump.stop()).isZero();
      database.execute(
          "DO $$ BEGIN FOR i IN 0..49 LOOP INSERT INTO t SELECT i * 200 + j, repeat('x', 1900)"
              + " FROM generate_series(1, 200) j; COMMIT; END LOOP; END $$",
          "INSERT INTO last VALUES (1)");
      // The catalog and the lease, but not two copies of the slot (the stream does not count, at
      // least not on all minor versions).
      role.limit(3);

      pump.start();
      pump.process().awaitLine("no connection left", PATIENCE);
      pump.process().awaitLine("Streaming from", PATIENCE);

      assertThat(TopicReader.await(kafka, database.name() + ".last", 1)).hasSize(1);
      assertThat(TopicReader.await(kafka, database.name() + ".t", 10_000)).hasSize(10_000);
      assertThat(pump.stop()).isZero();
      assertThat(pump.process().stderr()).noneMatch(line -> line.contains("Trying again"));
    }
  }

  @Test
  void letsNewTablesWaitUntilThereAreConnectionsForThem() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase();
        Role role = new Role(database);
        PumpUnderTest pump = role.pump(kafka).startStreaming()) {
      role.limit(3);
      database.execute(
          // At once: the pump looks when it likes.
          "CREATE TABLE late (id int PRIMARY KEY); ALTER TABLE late OWNER TO "
              + role.name
              + "; INSERT INTO late VALUES (1)");
      pump.process().awaitLine("New tables wait for connections", PATIENCE);
      database.execute("INSERT INTO t VALUES (1, 'meanwhile')");
      assertThat(TopicReader.await(kafka, database.name() + ".t", 1)).hasSize(1);

      role.limit(20);

      assertThat(TopicReader.await(kafka, database.name() + ".late", 1)).hasSize(1);
      assertThat(pump.stop()).isZero();
      assertThat(pump.process().stderr()).noneMatch(line -> line.contains("Trying again"));
    }
  }

  @Test
  void givesUpWhatFailsAgainAndAgainAfterTheStart(@TempDir Path directory) throws Exception {
    try (EmbeddedPostgres server =
            TestPostgres.builder(17)
                .dataDirectory(directory)
                .setting("max_wal_senders", "1")
                .start();
        TestDatabase database =
            TestDatabase.create(server, "one_sender_" + Long.toString(System.nanoTime(), 36));
        PumpUnderTest pump = PumpUnderTest.of(database, kafka).with("--output-format=json")) {
      database.execute("CREATE TABLE t (id int PRIMARY KEY)");
      pump.startStreaming();
      assertThat(pump.stop()).isZero();
      TopicReader.until(
          "the stream's session to be gone",
          () -> database.query("SELECT pid FROM pg_stat_replication").isEmpty());

      try (Connection other =
          DriverManager.getConnection(database.jdbcUrl(), replication(server))) {
        assertThat(other.isClosed()).isFalse();
        PumpUnderTest.End end = pump.with("--retry-limit=20").start().awaitEnd();

        assertThat(end.code()).isEqualTo(4);
        assertThat(end.lastLine()).contains("BW-PG-UNREACHABLE").contains("53300");
        assertThat(end.lines()).anyMatch(line -> line.contains("Trying again in 1000 ms"));
      }
    }
  }

  private static Properties replication(EmbeddedPostgres server) {
    Properties properties = new Properties();
    properties.setProperty("user", server.user());
    properties.setProperty("password", server.password());
    PGProperty.REPLICATION.set(properties, "database");
    PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "10");
    return properties;
  }

  /** A role that may be given few connections; it owns the table. */
  private static final class Role implements AutoCloseable {
    private final TestDatabase database;
    private final String name;

    Role(TestDatabase database) {
      this.database = database;
      this.name = database.name() + "_pump";
      database.execute(
          "CREATE ROLE " + name + " LOGIN REPLICATION PASSWORD 'brief'",
          "ALTER DATABASE " + database.name() + " OWNER TO " + name,
          "GRANT ALL ON SCHEMA public TO " + name,
          "CREATE TABLE t (id int PRIMARY KEY, v text)",
          "CREATE TABLE last (id int PRIMARY KEY)",
          "ALTER TABLE t OWNER TO " + name,
          "ALTER TABLE last OWNER TO " + name);
    }

    PumpUnderTest pump(TestKafka kafka) {
      String uri = database.uri().replaceFirst("//[^@]*@", "//" + name + ":brief@");
      return PumpUnderTest.of(uri, database, kafka)
          .with("--output-format=json", "--snapshot-threads=1");
    }

    void limit(int connections) {
      database.execute("ALTER ROLE " + name + " CONNECTION LIMIT " + connections);
    }

    @Override
    public void close() {
      for (String statement :
          List.of(
              "ALTER DATABASE " + database.name() + " OWNER TO CURRENT_USER",
              "REASSIGN OWNED BY " + name + " TO CURRENT_USER",
              "DROP OWNED BY " + name,
              "DROP ROLE " + name)) {
        database.execute(statement);
      }
    }
  }
}
