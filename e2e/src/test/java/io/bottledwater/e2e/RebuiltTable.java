package io.bottledwater.e2e;

import static io.bottledwater.e2e.TopicReader.header;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
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

/**
 * Table {@code items} as a reader of its topic has it: a hash of the newest value by key, once the
 * row with id -1, the last one, has come. No record may have come twice.
 */
record RebuiltTable(Map<Long, Integer> rows, List<Long> offsetsOfRowsRead) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  /** How many offsets the topic's only partition has; 0 when there is no such topic. */
  static long size(TestKafka kafka, String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer = kafka.consumer(IsolationLevel.READ_COMMITTED)) {
      if (!consumer.listTopics().containsKey(topic)) {
        return 0;
      }
      TopicPartition partition = new TopicPartition(topic, 0);
      return consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    }
  }

  static RebuiltTable read(TestKafka kafka, String topic) throws Exception {
    Map<Long, Integer> rows = new HashMap<>();
    Set<String> origins = new HashSet<>();
    List<Long> offsetsOfRowsRead = new java.util.ArrayList<>();
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
          boolean read = header(record, "bw.op").equals("r");
          String origin =
              read
                  ? "r " + id
                  : header(record, "bw.lsn") + " " + header(record, "bw.seq") + " " + id;
          assertThat(origins.add(origin)).as("record %s came twice", origin).isTrue();
          if (read) {
            offsetsOfRowsRead.add(record.offset());
          }
          if (record.value() == null) {
            rows.remove(id);
          } else {
            rows.put(id, hash(record.value()));
            ended |= id == -1;
          }
        }
      }
    }
    return new RebuiltTable(rows, offsetsOfRowsRead);
  }

  /** Rows of the snapshot at this offset or later. */
  long rowsReadFrom(long offset) {
    return offsetsOfRowsRead.stream().filter(o -> o >= offset).count();
  }

  /** What the table itself holds. */
  static Map<Long, Integer> inDatabase(TestDatabase database) throws Exception {
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
