package io.bottledwater.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestKafkaTest {
  @TempDir Path directory;

  @Test
  void readsTopicsToTheirEndByIsolationLevel() throws Exception {
    TestKafka kafka = TestKafka.shared();
    kafka.createTopic("levels", 2, Map.of("retention.ms", "-1"));
    send(kafka, "levels", "committed", true);
    send(kafka, "levels", "aborted", false);

    assertThat(values(kafka, "levels", IsolationLevel.READ_COMMITTED)).containsExactly("committed");
    assertThat(values(kafka, "levels", IsolationLevel.READ_UNCOMMITTED))
        .containsExactlyInAnyOrder("committed", "aborted");
    assertThat(TestKafka.shared()).isSameAs(kafka);
  }

  @Test
  void readsAnEmptyTopicAndDeletesIt() throws Exception {
    TestKafka kafka = TestKafka.shared();
    kafka.createTopic("empty", 3);
    assertThat(kafka.readAll("empty", IsolationLevel.READ_COMMITTED)).isEmpty();
    kafka.deleteTopic("empty");
    try (var admin = kafka.admin()) {
      assertThat(admin.listTopics().names().get(60, TimeUnit.SECONDS)).doesNotContain("empty");
    }
  }

  @Test
  void keepsCommittedTransactionsOverAKillAndAbortsOpenOnes() throws Exception {
    try (KafkaProcess process = KafkaProcess.start(directory, Map.of("num.partitions", "1"))) {
      TestKafka kafka = TestKafka.at(process.bootstrapServers());
      kafka.createTopic("t", 1);
      send(kafka, "t", "before", true);
      try (KafkaProducer<byte[], byte[]> open = producer(kafka)) {
        open.initTransactions();
        open.beginTransaction();
        open.send(new ProducerRecord<>("t", "open".getBytes(UTF_8))).get(60, TimeUnit.SECONDS);
        process.kill9();
        process.start();
      }
      send(kafka, "t", "after", true);
      awaitVisible(kafka);

      assertThat(values(kafka, "t", IsolationLevel.READ_COMMITTED))
          .containsExactly("before", "after");
    }
  }

  @Test
  void servesAgainAfterASuspension() throws Exception {
    try (KafkaProcess process = KafkaProcess.start(directory, Map.of())) {
      TestKafka kafka = TestKafka.at(process.bootstrapServers());
      kafka.createTopic("t", 1);
      process.suspend();
      // Longer than the broker's session with its controller.
      TimeUnit.SECONDS.sleep(3);
      process.resume();
      send(kafka, "t", "after", true);
      awaitVisible(kafka);
      process.stop();
      process.start();

      assertThat(values(kafka, "t", IsolationLevel.READ_COMMITTED)).containsExactly("after");
    }
  }

  private static void send(TestKafka kafka, String topic, String value, boolean commit)
      throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = producer(kafka)) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(topic, value.getBytes(UTF_8))).get(60, TimeUnit.SECONDS);
      if (commit) {
        producer.commitTransaction();
      } else {
        producer.abortTransaction();
      }
    }
  }

  /**
   * A commit returns when it is certain; readers see it a little later, at the latest when another
   * producer has the transactional id.
   */
  private static void awaitVisible(TestKafka kafka) {
    try (KafkaProducer<byte[], byte[]> producer = producer(kafka)) {
      producer.initTransactions();
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(TestKafka kafka) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "writer"),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static List<String> values(TestKafka kafka, String topic, IsolationLevel isolation) {
    return kafka.readAll(topic, isolation).stream().map(r -> new String(r.value(), UTF_8)).toList();
  }
}
