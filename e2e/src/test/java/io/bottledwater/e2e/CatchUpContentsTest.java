package io.bottledwater.e2e;

import static io.bottledwater.e2e.TopicReader.header;
import static io.bottledwater.e2e.TopicReader.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bottledwater.failpoint.Failpoint;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is no plain row comes through a backlog that is read ahead as it does through the stream:
 * logical messages, the rows of an outbox, and updates that leave large values out.
 */
class CatchUpContentsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int OLD_ROWS = 30;

  private final TestKafka kafka = TestKafka.shared();
  private final List<String> messages = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private final Map<Integer, List<String>> stories = new HashMap<>();
  private int round;

  @ParameterizedTest
  @ValueSource(ints = {14, 18})
  void bringsMessagesOutboxAndLargeValuesOnceOverKills(int version) throws Exception {
    try (TestDatabase database = TestPostgres.version(version).newDatabase()) {
      database.execute(
          "CREATE TABLE filler (id serial PRIMARY KEY, v text)",
          "CREATE TABLE outbox (id int, aggregatetype text, aggregateid text, type text,"
              + " payload text)",
          "CREATE TABLE docs (id int PRIMARY KEY, ver int, body text, sum text)",
          "ALTER TABLE docs ALTER body SET STORAGE EXTERNAL");
      for (int id = 1; id <= OLD_ROWS; id++) {
        database.execute(insert(id));
        happened(id, "r1");
      }
      PumpUnderTest pump =
          PumpUnderTest.of(database, kafka)
              .with(
                  "--output-format=json",
                  "--allow-unkeyed",
                  "--messages=on",
                  "--outbox=public.outbox",
                  "--topic-partitions=1");
      pump.startStreaming();
      assertThat(pump.stop()).isZero();

      for (String failpoint : List.of("SENT:2", "COMMITTED:1", "COMMITTED:2")) {
        // More than one commit takes.
        grow(database, 24);
        pump.haltingAt(failpoint).start();
        assertThat(pump.process().awaitExit(PATIENCE)).isEqualTo(Failpoint.EXIT_CODE);
        assertReadAhead(pump);
        pump.close();
      }
      grow(database, 14);
      pump.haltingAt("").start();
      pump.process().awaitLine("Streaming from", PATIENCE);
      assertReadAhead(pump);
      grow(database, 1);

      assertThat(told(database)).isEqualTo(messages);
      assertThat(
              TopicReader.await(kafka, database.name() + ".outbox.event.e", events.size()).stream()
                  .map(event -> header(event, "id") + " " + text(event.value())))
          .containsExactlyElementsOf(events);
      assertThat(exactStories(database)).isEqualTo(stories);
      assertThat(pump.stop()).isZero();
    }
  }

  private static void assertReadAhead(PumpUnderTest pump) {
    assertThat(pump.process().stderr()).anyMatch(line -> line.contains("Catching up from"));
  }

  /** Rounds of some 1.7 MB of WAL each, one of everything among plain rows. */
  private void grow(TestDatabase database, int rounds) {
    for (int i = 0; i < rounds; i++) {
      round++;
      int old = 1 + round % OLD_ROWS;
      int fresh = 1000 + round;
      database.execute(
          filler(1200),
          "BEGIN",
          filler(1),
          emit(true, "in the transaction"),
          event("first"),
          touch(old),
          emit(false, "before the commit"),
          event("second"),
          "COMMIT",
          emit(false, "alone"),
          filler(1200),
          "BEGIN",
          emit(true, "taken back"),
          emit(false, "stays"),
          event("taken back"),
          touch(old),
          "ROLLBACK",
          insert(fresh),
          touch(fresh),
          "UPDATE docs SET ver = ver + 1, body = body || 'x', sum = md5(body || 'x') WHERE id = "
              + fresh,
          touch(fresh),
          "DELETE FROM docs WHERE id = " + fresh);
      for (String told : List.of("before the commit", "in the transaction", "alone", "stays")) {
        messages.add(round + " " + told);
      }
      events.add(round + " first");
      events.add(round + " second");
      happened(old, "u" + (stories.get(old).size() + 1));
      for (String step : List.of("c1", "u2", "u3", "u4", "d")) {
        happened(fresh, step);
      }
    }
  }

  private static String filler(int rows) {
    return "INSERT INTO filler (v) SELECT repeat(md5(i::text), 18) FROM generate_series(1, "
        + rows
        + ") i";
  }

  private String emit(boolean transactional, String text) {
    return "SELECT pg_logical_emit_message("
        + transactional
        + ", 'm', '"
        + round
        + " "
        + text
        + "')";
  }

  private String event(String payload) {
    return "INSERT INTO outbox VALUES (" + round + ", 'e', 'k', 't', '" + payload + "')";
  }

  private static String insert(int id) {
    return "INSERT INTO docs SELECT "
        + id
        + ", 1, b, md5(b) FROM (SELECT string_agg(md5(random()::text || i), '') AS b"
        + " FROM generate_series(1, 200) i) AS new";
  }

  private static String touch(int id) {
    return "UPDATE docs SET ver = ver + 1 WHERE id = " + id;
  }

  private void happened(int id, String step) {
    stories.computeIfAbsent(id, key -> new ArrayList<>()).add(step);
  }

  private List<String> told(TestDatabase database) throws Exception {
    List<String> told = new ArrayList<>();
    String topic = database.name() + ".bottledwater.messages";
    for (ConsumerRecord<byte[], byte[]> record : TopicReader.await(kafka, topic, messages.size())) {
      told.add(JSON.readTree(record.value()).get("text").asText());
    }
    return told;
  }

  /** Operation and version of each record of each key, whose large values are all exact. */
  private Map<Integer, List<String>> exactStories(TestDatabase database) throws Exception {
    int count = stories.values().stream().mapToInt(List::size).sum();
    Map<Integer, List<String>> found = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record :
        TopicReader.await(kafka, database.name() + ".docs", count)) {
      int id = JSON.readTree(record.key()).get("id").asInt();
      String ver = "";
      if (record.value() != null) {
        JsonNode row = JSON.readTree(record.value());
        ver = row.get("ver").asText();
        byte[] body = row.get("body").asText().getBytes(UTF_8);
        String digest = HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(body));
        assertThat(digest).as(id + " version " + ver).isEqualTo(row.get("sum").asText());
      }
      found.computeIfAbsent(id, key -> new ArrayList<>()).add(header(record, "bw.op") + ver);
    }
    return found;
  }
}
