package io.bottledwater.e2e;

import static io.bottledwater.e2e.TopicReader.header;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/**
 * The promise itself: whoever reads the topic has the table. A million rows, written to while the
 * snapshot runs and while the pump is killed again and again; and no change has come twice.
 */
class RebuildTest {
  private static final int ROWS = 1_000_000;
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private final TestKafka kafka = TestKafka.shared();

  @Test
  void rebuildsTheTableFromItsTopicAfterKillsInSnapshotAndStream() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute(
          "CREATE TABLE items (id bigint PRIMARY KEY, customer int, amount numeric(12,2),"
              + " note text, created timestamptz, active boolean)",
          "INSERT INTO items SELECT i, i % 1000, i * 0.01, 'note ' || i,"
              + " timestamptz '2020-01-01 00:00:00Z' + i * interval '1 second', i % 2 = 0"
              + " FROM generate_series(0, "
              + (ROWS - 1)
              + ") i");
      String topic = database.name() + ".items";
      PumpUnderTest pump =
          PumpUnderTest.of(database, kafka).with("--output-format=json", "--snapshot-threads=2");
      try (RandomWriter first = new RandomWriter(database, ROWS, 0, 1);
          RandomWriter second = new RandomWriter(database, ROWS, 1, 2)) {
        pump.start();
        pump.process().awaitLine("Snapshot of 1 tables started", Duration.ofSeconds(60));
        TopicReader.until("rows in " + topic, () -> size(topic) > ROWS / 8);
        pump.kill9();

        pump.start();
        pump.process().awaitLine("Going on with the snapshot", Duration.ofSeconds(60));
        pump.awaitStreaming();
        for (int kill = 0; kill < 3; kill++) {
          long before = size(topic);
          TopicReader.until("the stream to go on", () -> size(topic) > before + 500);
          pump.kill9();
          pump.start();
          pump.awaitStreaming();
        }
        assertThat(first.committed()).isPositive();
        assertThat(second.committed()).isPositive();
      }
      database.execute("INSERT INTO items VALUES (-1, 0, 0, 'the end', now(), true)");
      Map<Long, Integer> rebuilt = rebuild(topic);

      assertThat(pump.stop()).isZero();
      assertThat(rebuilt).isEqualTo(table(database));
    }
  }

  private long size(String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer = kafka.consumer(IsolationLevel.READ_COMMITTED)) {
      TopicPartition partition = new TopicPartition(topic, 0);
      return consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    }
  }

  /** Hash of the newest value by key, once the last row has come. */
  private Map<Long, Integer> rebuild(String topic) throws Exception {
    Map<Long, Integer> rows = new HashMap<>();
    Set<String> origins = new HashSet<>();
    boolean ended = false;
    long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
    try (KafkaConsumer<byte[], byte[]> consumer = kafka.consumer(IsolationLevel.READ_COMMITTED)) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      while (!ended) {
        assertThat(System.nanoTime()).as("the last row never came").isLessThan(deadline);
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          long id = JSON.readTree(record.key()).get("id").asLong();
          String origin =
              header(record, "bw.op").equals("r")
                  ? "r " + id
                  : header(record, "bw.lsn") + " " + header(record, "bw.seq") + " " + id;
          assertThat(origins.add(origin)).as("record %s came twice", origin).isTrue();
          if (record.value() == null) {
            rows.remove(id);
          } else {
            rows.put(id, hash(record.value()));
            ended |= id == -1;
          }
        }
      }
    }
    return rows;
  }

  private static Map<Long, Integer> table(TestDatabase database) throws Exception {
    Map<Long, Integer> rows = new HashMap<>();
    try (var connection = database.open();
        var statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      connection.setAutoCommit(false);
      statement.setFetchSize(10_000);
      try (var r = statement.executeQuery("SELECT id, to_json(items)::text FROM items")) {
        while (r.next()) {
          rows.put(r.getLong(1), hash(r.getString(2).getBytes(UTF_8)));
        }
      }
    }
    return rows;
  }

  private static int hash(byte[] json) throws Exception {
    return JSON.readTree(json).toString().hashCode();
  }
}
