package io.bottledwater.e2e;

import static io.bottledwater.e2e.TopicReader.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.e2e.campaign.FaultyProxy;
import io.bottledwater.embedded.postgres.EmbeddedPostgres;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A commit that waits for a synchronous standby is in the stream long before any snapshot sees it.
 * Here it changes rows of a new table that is being read, some in parts which are read later.
 */
class VisibilityTest {
  private static final int ROWS = 60_000;
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final TestKafka kafka = TestKafka.shared();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void doesNotWriteTheOlderRowAfterTheNewerOne(boolean killed, @TempDir Path directory)
      throws Exception {
    try (EmbeddedPostgres server =
            TestPostgres.builder(17)
                .dataDirectory(directory)
                .setting("fsync", "off")
                .setting("synchronous_commit", "local")
                .start();
        FaultyProxy proxy = new FaultyProxy(server.port());
        TestDatabase database = TestDatabase.create(server, "visibility_" + killed)) {
      // So that the reading takes twenty seconds on any machine, until the commit waits.
      proxy.slow(4_000_000, 0);
      String uri = database.uri().replace(":" + server.port() + "/", ":" + proxy.port() + "/");
      String topic = database.name() + ".fresh";
      database.execute("CREATE TABLE old (id int PRIMARY KEY)");
      try (PumpUnderTest pump =
          PumpUnderTest.of(uri, database, kafka)
              .with("--output-format=json", "--snapshot-threads=1")
              .startStreaming()) {
        // Dozens of chunks, a few a slice.
        database.execute(
            "CREATE TABLE fresh (id int PRIMARY KEY, v int, note text);"
                + " INSERT INTO fresh SELECT i, 0, repeat(md5(i::text), 40) FROM generate_series(1, "
                + ROWS
                + ") i");
        TopicReader.until("the first rows", () -> RebuiltTable.size(kafka, topic) > 0);
        CompletableFuture<Void> commit = beginCommit(database);
        database.execute("INSERT INTO old VALUES (1)");
        TopicReader.await(kafka, database.name() + ".old", 1);
        proxy.slow(0, 0);
        if (killed) {
          pump.kill9();
          pump.start();
        }
        try {
          // Time enough to read the rest without it.
          Thread.sleep(10_000);
          assertThat(commit).isNotDone();
        } finally {
          database.execute(
              "ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()");
        }
        commit.get();
        pump.process().awaitLine("Snapshot finished: [1-9][0-9,]* rows", PATIENCE);
        Map<String, List<String>> changed = new HashMap<>();
        TopicReader.until(
            "all rows",
            () ->
                TopicReader.read(kafka, topic).stream()
                        .map(record -> text(record.key()))
                        .distinct()
                        .count()
                    == ROWS);
        for (ConsumerRecord<byte[], byte[]> record : TopicReader.read(kafka, topic)) {
          if (text(record.key()).matches(".*[05]00}")) {
            changed
                .computeIfAbsent(text(record.key()), key -> new ArrayList<>())
                .add(
                    TopicReader.header(record, "bw.op")
                        + text(record.value()).replaceAll(".*\"v\":(\\d).*", "$1"));
          }
        }
        assertThat(changed).hasSize(ROWS / 500);
        // Once each: as it was before, and then the change; or the change alone.
        assertThat(Set.copyOf(changed.values()))
            .isSubsetOf(List.of("r0", "u1"), List.of("u1"))
            .contains(List.of("u1"));
        assertThat(pump.stop()).isZero();
      }
    }
  }

  private static CompletableFuture<Void> beginCommit(TestDatabase database) throws Exception {
    database.execute(
        // It is the checkpointer that makes commits wait: with nothing left to write it reads the
        // settings at once.
        "CHECKPOINT",
        "ALTER SYSTEM SET synchronous_standby_names = 'nobody'",
        "SELECT pg_reload_conf()");
    // Where all processes have read the settings, and not only a new session.
    TopicReader.until(
        "the setting", () -> database.query("SHOW synchronous_standby_names").contains("nobody"));
    Thread.sleep(2000);
    CompletableFuture<Void> commit =
        CompletableFuture.runAsync(
            () -> {
              try (Connection session = database.open();
                  Statement statement = session.createStatement()) {
                statement.execute("SET synchronous_commit = on");
                statement.execute("UPDATE fresh SET v = 1 WHERE id % 500 = 0");
              } catch (java.sql.SQLException e) {
                throw new IllegalStateException(e);
              }
            });
    TopicReader.until(
        "the commit to wait",
        () ->
            database
                .query("SELECT wait_event FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
                .contains("SyncRep"));
    return commit;
  }
}
