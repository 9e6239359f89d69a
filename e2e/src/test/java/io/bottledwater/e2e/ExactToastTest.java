package io.bottledwater.e2e;

import static io.bottledwater.e2e.TopicReader.header;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bottledwater.testkit.Signals;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Large values that an update leaves out: each record has the one that its row had at that commit.
 * Every row carries the digest of its own large value, so a record tells by itself.
 */
class ExactToastTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BODY =
      "(SELECT string_agg(md5(random()::text || i), '') FROM generate_series(1, 200) i)";
  private static final String REWRITE =
      "UPDATE docs SET ver = ver + 1, body = b, sum = md5(b) FROM "
          + BODY
          + " AS new (b) WHERE id = ";
  private static final String TOUCH = "UPDATE docs SET ver = ver + 1 WHERE id = ";

  private final TestKafka kafka = TestKafka.shared();

  @Test
  void findsValuesInTheStreamBeforeTheTableAndLeavesOutWhatIsGone() throws Exception {
    try (TestDatabase database = docs(17, 8)) {
      String topic = database.name() + ".docs";
      try (PumpUnderTest pump = pump(database).startStreaming()) {
        TopicReader.await(kafka, topic, 8);
        assertThat(pump.stop()).isZero();
      }
      database.execute(
          // Of rows whose value the stream brings, nothing is left out.
          insert(101),
          TOUCH + 101,
          REWRITE + 101,
          TOUCH + 101,
          "UPDATE docs SET ver = ver + 1, id = 102 WHERE id = 101",
          TOUCH + 102,
          "DELETE FROM docs WHERE id = 102",
          // The value of a row of old is in the table, as long as nobody replaces it.
          TOUCH + 1,
          TOUCH + 1,
          TOUCH + 2,
          REWRITE + 2,
          "BEGIN; " + TOUCH + 3 + "; " + REWRITE + 3 + "; " + TOUCH + 3 + "; COMMIT",
          "BEGIN; SAVEPOINT a; " + TOUCH + 4 + "; RELEASE a; COMMIT",
          "BEGIN; SAVEPOINT a; " + REWRITE + 5 + "; ROLLBACK TO a; " + TOUCH + 5 + "; COMMIT",
          TOUCH + 6,
          "DELETE FROM docs WHERE id = 6",
          insert(6),
          TOUCH + 7,
          "UPDATE docs SET ver = ver + 1, id = 107 WHERE id = 7",
          insert(7),
          insert(-1));
      try (PumpUnderTest pump = pump(database).startStreaming()) {
        awaitKey(topic, -1);
        assertThat(pump.stop()).isZero();
      }
      List<ConsumerRecord<byte[], byte[]>> records = TopicReader.read(kafka, topic);
      assertExact(records);
      Map<Integer, List<String>> stories = stories(records);
      assertThat(stories.get(101)).containsExactly("c1", "u2", "u3", "u4", "d");
      assertThat(stories.get(102)).containsExactly("u5", "u6", "d");
      assertThat(stories.get(1)).containsExactly("r1", "u2", "u3");
      // The touch before the rewriting is gone, and so is the one in the same transaction.
      assertThat(stories.get(2)).containsExactly("r1", "u3");
      assertThat(stories.get(3)).containsExactly("r1", "u3", "u4");
      assertThat(stories.get(4)).containsExactly("r1", "u2");
      assertThat(stories.get(5)).containsExactly("r1", "u2");
      assertThat(stories.get(6)).containsExactly("r1", "d", "c1");
      assertThat(stories.get(7)).containsExactly("r1", "d", "c1");
      assertThat(stories.get(107)).containsExactly("u3");
    }
  }

  @Test
  void commitsWhatIsCompleteWhileAnUpdateWaitsForTheServer() throws Exception {
    try (TestDatabase database = docs(17, 1)) {
      database.execute("CREATE TABLE other (id int PRIMARY KEY)");
      String topic = database.name() + ".docs";
      String other = database.name() + ".other";
      try (PumpUnderTest pump = pump(database).startStreaming()) {
        TopicReader.await(kafka, topic, 1);
        long walsender =
            Long.parseLong(
                String.valueOf(
                    database
                        .query(
                            "SELECT active_pid FROM pg_replication_slots WHERE slot_name = '"
                                + database.name()
                                + "'")
                        .get(0)));
        // The pump finds the update with the one before it, and the server goes no further.
        pump.process().suspend();
        database.execute("INSERT INTO other VALUES (1)", TOUCH + 1);
        String end = database.query("SELECT pg_current_wal_flush_lsn()").get(0);
        TopicReader.until(
            "the update to be sent",
            () ->
                database
                    .query(
                        "SELECT sent_lsn >= '"
                            + end
                            + "' FROM pg_stat_replication WHERE pid = "
                            + walsender)
                    .contains("t"));
        Signals.send(walsender, "STOP");
        try {
          database.execute(TOUCH + 1);
          pump.process().resume();

          assertThat(TopicReader.await(kafka, other, 1)).hasSize(1);
          assertThat(TopicReader.read(kafka, topic)).hasSize(1);
        } finally {
          Signals.send(walsender, "CONT");
        }
        TopicReader.await(kafka, topic, 3);
        assertThat(pump.stop()).isZero();
      }
      List<ConsumerRecord<byte[], byte[]>> records = TopicReader.read(kafka, topic);
      assertExact(records);
      assertThat(stories(records).get(1)).containsExactly("r1", "u2", "u3");
      assertThat(TopicReader.read(kafka, other)).hasSize(1);
    }
  }

  @Test
  void goesOnWhileSomebodyElsesTransactionLeavesWalUnflushed() throws Exception {
    try (TestDatabase database = docs(17, 3)) {
      database.execute("CREATE TABLE other (id int PRIMARY KEY)");
      String topic = database.name() + ".docs";
      try (PumpUnderTest pump = pump(database).startStreaming();
          Connection idle = database.open();
          Statement open = idle.createStatement()) {
        for (int id = 1; id <= 3; id++) {
          open.execute("BEGIN");
          open.execute("INSERT INTO other VALUES (" + id + ")");
          database.execute(
              "SET synchronous_commit = off",
              "BEGIN; SAVEPOINT a; " + TOUCH + id + "; RELEASE a; COMMIT");
          open.execute("INSERT INTO other VALUES (" + (id + 100) + ")");
          TopicReader.await(kafka, topic, 3 + id);
          open.execute("COMMIT");
        }
        assertExact(TopicReader.read(kafka, topic));
        assertThat(pump.stop()).isZero();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {14, 17})
  void isExactWhileManyWriteAndThePumpIsKilled(int version) throws Exception {
    long seed = System.nanoTime();
    try (TestDatabase database = docs(version, 12)) {
      String topic = database.name() + ".docs";
      ExecutorService writers = Executors.newFixedThreadPool(4);
      PumpUnderTest pump = pump(database).startStreaming();
      try {
        for (int round = 0; round < 3; round++) {
          List<Future<?>> running = new ArrayList<>();
          for (int i = 0; i < 4; i++) {
            Random random = new Random(seed + 10 * round + i);
            running.add(writers.submit(() -> write(database, random, 60)));
          }
          if (round > 0) {
            pump.kill9();
          }
          for (Future<?> writer : running) {
            writer.get();
          }
          if (round > 0) {
            pump = pump(database).startStreaming();
          }
        }
        database.execute(insert(-1));
        awaitKey(topic, -1);
        assertThat(pump.stop()).isZero();
      } finally {
        writers.shutdownNow();
        pump.close();
      }
      List<ConsumerRecord<byte[], byte[]>> records = TopicReader.read(kafka, topic);
      assertThat(records).as("seed " + seed).hasSizeGreaterThan(100);
      assertExact(records);
      Map<String, JsonNode> rebuilt = new HashMap<>();
      for (String value : TopicReader.newest(records).values()) {
        rebuilt.put(JSON.readTree(value).get("id").asText(), JSON.readTree(value));
      }
      Map<String, JsonNode> expected = new HashMap<>();
      for (String row : database.query("SELECT row_to_json(t)::text FROM docs t")) {
        expected.put(JSON.readTree(row).get("id").asText(), JSON.readTree(row));
      }
      assertThat(rebuilt.equals(expected)).as("seed " + seed).isTrue();
    }
  }

  private static Void write(TestDatabase database, Random random, int operations)
      throws SQLException {
    try (Connection connection = database.open();
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < operations; i++) {
        int id = 1 + random.nextInt(12);
        statement.execute(
            switch (random.nextInt(8)) {
              case 0, 1, 2 -> TOUCH + id;
              case 3 -> REWRITE + id;
              case 4 ->
                  "BEGIN; " + TOUCH + id + "; " + REWRITE + id + "; " + TOUCH + id + "; COMMIT";
              case 5 ->
                  "BEGIN; "
                      + TOUCH
                      + id
                      + "; SAVEPOINT a; "
                      + REWRITE
                      + id
                      + "; "
                      + (random.nextBoolean() ? "ROLLBACK TO a" : "RELEASE a")
                      + "; "
                      + TOUCH
                      + id
                      + "; COMMIT";
              case 6 ->
                  "BEGIN; SELECT pg_advisory_xact_lock(1); DELETE FROM docs WHERE id = "
                      + id
                      + "; "
                      + insert(id)
                      + " ON CONFLICT DO NOTHING; COMMIT";
              default ->
                  "BEGIN; SELECT pg_advisory_xact_lock(1); UPDATE docs SET id = id + 100 WHERE id = "
                      + id
                      + "; UPDATE docs SET id = id - 100, ver = ver + 1 WHERE id = "
                      + (id + 100)
                      + "; COMMIT";
            });
      }
      return null;
    }
  }

  private static TestDatabase docs(int version, int rows) {
    TestDatabase database = TestPostgres.version(version).newDatabase();
    database.execute(
        "CREATE TABLE docs (id int PRIMARY KEY, ver int, body text, sum text)",
        "ALTER TABLE docs ALTER body SET STORAGE EXTERNAL");
    for (int id = 1; id <= rows; id++) {
      database.execute(insert(id));
    }
    return database;
  }

  private static String insert(int id) {
    return "INSERT INTO docs SELECT " + id + ", 1, b, md5(b) FROM " + BODY + " AS new (b)";
  }

  private PumpUnderTest pump(TestDatabase database) {
    return PumpUnderTest.of(database, kafka).with("--output-format=json");
  }

  private void awaitKey(String topic, int id) {
    TopicReader.until(
        "row " + id,
        () ->
            TopicReader.read(kafka, topic).stream()
                .anyMatch(r -> TopicReader.text(r.key()).equals("{\"id\":" + id + "}")));
  }

  private static void assertExact(List<ConsumerRecord<byte[], byte[]>> records) throws Exception {
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (record.value() != null) {
        JsonNode row = JSON.readTree(record.value());
        byte[] digest =
            MessageDigest.getInstance("MD5").digest(row.get("body").asText().getBytes(UTF_8));
        assertThat(HexFormat.of().formatHex(digest))
            .as(TopicReader.text(record.key()) + " version " + row.get("ver"))
            .isEqualTo(row.get("sum").asText());
      }
    }
  }

  /** Operation and version of each record of each key. */
  private static Map<Integer, List<String>> stories(List<ConsumerRecord<byte[], byte[]>> records)
      throws Exception {
    Map<Integer, List<String>> stories = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      String version =
          record.value() == null ? "" : JSON.readTree(record.value()).get("ver").asText();
      stories
          .computeIfAbsent(JSON.readTree(record.key()).get("id").asInt(), id -> new ArrayList<>())
          .add(header(record, "bw.op") + version);
    }
    return stories;
  }
}
