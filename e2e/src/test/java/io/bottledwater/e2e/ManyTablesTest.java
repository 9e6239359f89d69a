package io.bottledwater.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.embedded.postgres.EmbeddedPostgres;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases with more tables than fit into one statement, or than the server can lock. */
class ManyTablesTest {
  private static final int TABLES = 1200;

  @TempDir Path directory;

  private final TestKafka kafka = TestKafka.shared();

  @Test
  void publishesAndReadsThemAll() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      createTables(database, 200);
      try (PumpUnderTest pump = withoutTopics(database)) {
        pump.startStreaming();
        assertThat(pump.stop()).isZero();
        assertThat(pump.process().stderr())
            .anyMatch(line -> line.contains("Snapshot finished: 1,200 rows"));
      }
      assertThat(database.query("SELECT count(*) FROM pg_publication_rel"))
          .isEqualTo(List.of(Integer.toString(TABLES)));
    }
  }

  @Test
  void saysWhatTheServerLacksWhenItCannotLockThemAll() {
    try (EmbeddedPostgres server =
            TestPostgres.builder(17)
                .dataDirectory(directory)
                .setting("max_locks_per_transaction", "10")
                .setting("max_connections", "20")
                .start();
        TestDatabase database = TestDatabase.create(server, "locks")) {
      createTables(database, 20);
      try (PumpUnderTest pump = withoutTopics(database)) {
        PumpUnderTest.End end = pump.start().awaitEnd();

        assertThat(end.code()).isEqualTo(3);
        assertThat(end.lastLine())
            .contains("BW-LOCKS-EXHAUSTED")
            .contains("max_locks_per_transaction");
      }
    }
  }

  private PumpUnderTest withoutTopics(TestDatabase database) {
    return PumpUnderTest.of(database, kafka).with("--output-format=json", "--sink=discard");
  }

  private static void createTables(TestDatabase database, int atOnce) {
    database.execute(
        IntStream.range(0, TABLES / atOnce)
            .mapToObj(
                batch ->
                    "DO $$ BEGIN FOR i IN "
                        + batch * atOnce
                        + ".."
                        + ((batch + 1) * atOnce - 1)
                        + " LOOP EXECUTE format('CREATE TABLE t_%s (id int PRIMARY KEY)', i);"
                        + " EXECUTE format('INSERT INTO t_%s VALUES (1)', i); END LOOP; END $$")
            .toArray(String[]::new));
  }
}
