package io.bottledwater.kafka.producer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.bottledwater.bytes.ByteSlice;
import io.bottledwater.record.EncodedRecord;
import io.bottledwater.record.Operation;
import io.bottledwater.record.Topic;
import io.bottledwater.testkit.KafkaProcess;
import io.bottledwater.testkit.TestKafka;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ConcurrentTransactionsException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The producer against real brokers; the stock consumer and the stock producer tell what is right.
 */
class DirectProducerTest {
  // Brokers delete what is old.
  private static final long NOW = System.currentTimeMillis();

  private final TestKafka kafka = TestKafka.shared();
  private final String name = "direct-" + UUID.randomUUID();

  @Test
  void showsWhatIsCommittedAndNothingElse() {
    TargetTopic topic = topic(3);
    try (DirectProducer producer = open(Map.of())) {
      for (int transaction = 0; transaction < 20; transaction++) {
        for (int i = 0; i < 50; i++) {
          send(producer, topic, "k" + i, transaction + "-" + i);
        }
        producer.commit();
      }
      send(producer, topic, "k0", "given up");
      producer.flush();
      producer.abort();
      send(producer, topic, "k0", "last");
      producer.commit();
      send(producer, topic, "k0", "left open");
      producer.flush();
    }

    Map<String, List<String>> values = valuesByKey(IsolationLevel.READ_UNCOMMITTED);
    assertThat(values.get("k0")).hasSize(23).endsWith("given up", "last", "left open");
    // A new instance ends what the old one left open.
    values = valuesByKey(IsolationLevel.READ_COMMITTED);
    assertThat(values).hasSize(50);
    assertThat(values.get("k0")).hasSize(21).startsWith("0-0", "1-0").endsWith("19-0", "last");
    assertThat(values.get("k49")).hasSize(20).startsWith("0-49", "1-49").endsWith("19-49");
  }

  @Test
  void commitsNothingWithoutRecords() {
    topic(1);
    try (DirectProducer producer = open(Map.of())) {
      producer.commit();
      producer.abort();
      producer.flush();
      producer.progress();
    }
    assertThat(kafka.readAll(name, IsolationLevel.READ_UNCOMMITTED)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "batch.size=0",
        "batch.size=1000 buffer.memory=5000",
        "batch.size=1000 max.request.size=3000",
        "batch.size=1000 max.in.flight.requests.per.connection=1",
        "compression.type=zstd compression.zstd.level=5",
        "compression.type=gzip",
        "max.block.ms=9223372036854775807",
        "compression.type=snappy",
        "compression.type=lz4 batch.size=100000"
      })
  void keepsTheOrderWithAnySetting(String settings) {
    Map<String, Object> properties = new HashMap<>();
    for (String setting : settings.split(" ")) {
      properties.put(
          setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
    }
    TargetTopic topic = topic(5);
    try (DirectProducer producer = open(properties)) {
      for (int i = 0; i < 3000; i++) {
        send(producer, topic, "k" + i % 7, Integer.toString(i));
        if (i % 1000 == 999) {
          producer.commit();
        }
      }
    }
    assertComplete(IsolationLevel.READ_COMMITTED, 7, 3000);
  }

  @Test
  void carriesARecordThatIsLargerThanAllBuffers() {
    TargetTopic topic = topic(1);
    String large = "x".repeat(900_000);
    try (DirectProducer producer = open(Map.of("batch.size", "1000", "buffer.memory", "10000"))) {
      send(producer, topic, "a", "small");
      send(producer, topic, "a", large);
      send(producer, topic, "a", "small");
      producer.commit();
    }
    assertThat(valuesByKey(IsolationLevel.READ_COMMITTED).get("a"))
        .containsExactly("small", large, "small");
  }

  @Test
  void putsKeysWhereTheStockProducersPutThem() throws Exception {
    TargetTopic topic = topic(12);
    try (DirectProducer producer = open(Map.of());
        KafkaProducer<byte[], byte[]> stock =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      Map<String, Integer> expected = new TreeMap<>();
      for (int i = 0; i < 200; i++) {
        String key = "key " + i;
        send(producer, topic, key, "direct");
        expected.put(
            key,
            stock
                .send(new ProducerRecord<>(name, key.getBytes(UTF_8), "stock".getBytes(UTF_8)))
                .get(30, TimeUnit.SECONDS)
                .partition());
      }
      producer.commit();
      for (ConsumerRecord<byte[], byte[]> record : committed()) {
        assertThat(record.partition()).isEqualTo(expected.get(text(record.key())));
      }
    }
  }

  @Test
  void spreadsRecordsWithoutKeysOverThePartitions() {
    TargetTopic topic = topic(4);
    try (DirectProducer producer = open(Map.of("batch.size", "200"))) {
      for (int i = 0; i < 500; i++) {
        producer.send(topic, NOW, null, new byte[100], List.of());
      }
      producer.commit();
    }
    assertThat(committed()).hasSize(500).extracting(ConsumerRecord::partition).contains(0, 1, 2, 3);
  }

  @Test
  void writesRowsAsTheStockProducerDoes() {
    TargetTopic topic = topic(3);
    try (RecordProducer stock =
        StockProducer.open(properties(name, Map.of()), true, KeyHash.CRC_32)) {
      sendRows(stock, topic);
    }
    try (RecordProducer direct =
        DirectProducer.open(properties(name, Map.of()), true, KeyHash.CRC_32)) {
      sendRows(direct, topic);
    }
    Map<Integer, List<String>> partitions = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> r : committed()) {
      partitions
          .computeIfAbsent(r.partition(), p -> new ArrayList<>())
          .add(r.timestamp() + text(r.key()) + text(r.value()) + r.headers());
    }
    assertThat(partitions).hasSize(3);
    partitions
        .values()
        .forEach(
            all ->
                assertThat(all.subList(all.size() / 2, all.size()))
                    .isEqualTo(all.subList(0, all.size() / 2)));
  }

  private void sendRows(RecordProducer producer, TargetTopic topic) {
    EncodedRecord record = new EncodedRecord(new Topic(name, true));
    for (int i = 0; i < 100; i++) {
      record.set(
          new Topic(name, true),
          Operation.values()[i % 5],
          ("k" + i % 11).getBytes(UTF_8),
          i % 3 == 0 ? null : ByteSlice.of(("v" + i).getBytes(UTF_8)));
      record.setOrigin(NOW + i % 7, i / 10, i / 10 + 1, i % 10);
      producer.send(topic, record);
    }
    producer.commit();
  }

  @Test
  void isTurnedAwayWhenANewerInstanceHasTakenOver() {
    TargetTopic topic = topic(1);
    try (DirectProducer zombie = open(Map.of())) {
      send(zombie, topic, "a", "before");
      zombie.commit();
      send(zombie, topic, "a", "open");
      zombie.flush();
      try (DirectProducer successor = open(Map.of())) {
        send(zombie, topic, "a", "late");
        assertThatThrownBy(zombie::commit)
            .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);

        send(successor, topic, "a", "after");
        successor.commit();
      }
    }
    assertThat(valuesByKey(IsolationLevel.READ_COMMITTED).get("a"))
        .containsExactly("before", "after");
  }

  @Test
  void isTurnedAwayWhenItCommitsAfterANewerInstanceHasTakenOver() {
    TargetTopic topic = topic(1);
    try (DirectProducer zombie = open(Map.of())) {
      send(zombie, topic, "a", "open");
      zombie.flush();
      open(Map.of()).close();

      assertThatThrownBy(zombie::commit)
          .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
    }
    assertThat(committed()).isEmpty();
  }

  @Test
  void failsWhenTheTransactionTookTooLong() throws Exception {
    TargetTopic topic = topic(1);
    try (DirectProducer producer = open(Map.of("transaction.timeout.ms", "1000"))) {
      send(producer, topic, "a", "slow");
      producer.flush();
      awaitAbort();
      Throwable thrown = catchThrowable(producer::commit);

      assertThat(thrown)
          .isInstanceOf(KafkaException.class)
          .isNotInstanceOf(ConcurrentTransactionsException.class);
    }
    assertThat(committed()).isEmpty();
  }

  @Test
  void namesARecordThatTheTopicDoesNotTake() {
    // From the start: a limit that is altered later takes effect some time after that.
    kafka.createTopic(name, 1, Map.of("max.message.bytes", "1000"));
    TargetTopic topic = new TargetTopic(name, 1, 1_000_000);
    try (DirectProducer producer = open(Map.of())) {
      send(producer, topic, "a", "x".repeat(2000));
      assertThatThrownBy(producer::commit).isInstanceOf(RecordTooLargeException.class);
    }
    try (DirectProducer producer = open(Map.of())) {
      send(producer, topic, "a", "x".repeat(600));
      send(producer, topic, "a", "x".repeat(600));
      assertThatThrownBy(producer::commit)
          .isInstanceOf(KafkaException.class)
          .isNotInstanceOf(RecordTooLargeException.class)
          .hasMessageContaining("limit");
    }
    // With the limit that the topic has the same records fit, one a batch.
    try (DirectProducer producer = open(Map.of())) {
      TargetTopic limited = new TargetTopic(name, 1, 1000);
      send(producer, limited, "a", "x".repeat(600));
      send(producer, limited, "a", "x".repeat(600));
      producer.commit();
    }
    assertThat(committed()).hasSize(2);
  }

  @Test
  void givesUpOnATopicThatIsNotThere() {
    TargetTopic missing = new TargetTopic(name, 1, 1_000_000);
    try (DirectProducer producer =
        open(
            Map.of(
                "delivery.timeout.ms", "1500", "request.timeout.ms", "1000", "linger.ms", "0"))) {
      send(producer, missing, "a", "b");
      assertThatThrownBy(producer::commit)
          .isInstanceOf(TimeoutException.class)
          .hasMessageContaining(name);
    }
  }

  @Test
  void doesNotGoOnInATopicThatWasCreatedAgain() {
    TargetTopic topic = topic(1);
    try (DirectProducer producer = open(Map.of())) {
      send(producer, topic, "a", "1");
      producer.commit();
      kafka.deleteTopic(name);
      kafka.createTopic(name, 1);

      send(producer, topic, "a", "2");
      assertThatThrownBy(producer::commit).isInstanceOf(KafkaException.class);
    }
    assertThat(committed()).isEmpty();
  }

  /**
   * A broker that comes back knows of each producer its last batch only, so it may turn away one
   * that it has already: then the producer ends, and what it wrote is right as far as it goes.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void repeatsAndReordersNothingWhenTheBrokerDies(boolean transactional, @TempDir Path directory) {
    try (KafkaProcess broker =
        KafkaProcess.start(
            directory,
            Map.of("broker.session.timeout.ms", "1500", "broker.heartbeat.interval.ms", "500"))) {
      TestKafka cluster = TestKafka.at(broker.bootstrapServers());
      cluster.createTopic(name, 3);
      Map<String, Object> properties = properties(name, Map.of("batch.size", "2000"));
      properties.put("bootstrap.servers", broker.bootstrapServers());
      if (!transactional) {
        properties.remove("transactional.id");
      }
      TargetTopic topic = new TargetTopic(name, 3, 1_000_000);
      boolean ended = false;
      try (DirectProducer producer = DirectProducer.open(properties, false, KeyHash.MURMUR2)) {
        for (int i = 0; i < 6000; i++) {
          send(producer, topic, "k" + i % 7, Integer.toString(i));
          if (i % 2000 == 1000) {
            broker.kill9();
            broker.start();
          }
        }
        producer.commit();
      } catch (OutOfOrderSequenceException e) {
        ended = true;
      }
      if (transactional) {
        DirectProducer.open(properties, false, KeyHash.MURMUR2).close();
      }
      if (!ended) {
        assertComplete(cluster, IsolationLevel.READ_COMMITTED, 7, 6000);
      } else if (transactional) {
        assertThat(cluster.readAll(name, IsolationLevel.READ_COMMITTED)).isEmpty();
      } else {
        valuesByKey(cluster, IsolationLevel.READ_COMMITTED)
            .forEach(
                (key, values) ->
                    assertThat(values)
                        .isEqualTo(
                            expected(key.charAt(1) - '0', 7, 6000).subList(0, values.size())));
      }
    }
  }

  private TargetTopic topic(int partitions) {
    kafka.createTopic(name, partitions);
    return new TargetTopic(name, partitions, 1_000_000);
  }

  private DirectProducer open(Map<String, Object> more) {
    return DirectProducer.open(properties(name, more), false, KeyHash.MURMUR2);
  }

  private Map<String, Object> properties(String transactionalId, Map<String, Object> more) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", kafka.bootstrapServers());
    properties.put("transactional.id", transactionalId);
    properties.put("key.serializer", ByteArraySerializer.class);
    properties.put("value.serializer", ByteArraySerializer.class);
    properties.putAll(more);
    return properties;
  }

  /**
   * A commit returns when it is certain; readers see it a little later, at the next instance's
   * start at the latest.
   */
  private List<ConsumerRecord<byte[], byte[]>> committed() {
    open(Map.of()).close();
    return kafka.readAll(name, IsolationLevel.READ_COMMITTED);
  }

  private static void send(RecordProducer producer, TargetTopic topic, String key, String value) {
    producer.send(topic, NOW, key.getBytes(UTF_8), value.getBytes(UTF_8), List.of());
  }

  private Map<String, List<String>> valuesByKey(IsolationLevel isolation) {
    return valuesByKey(kafka, isolation);
  }

  private Map<String, List<String>> valuesByKey(TestKafka cluster, IsolationLevel isolation) {
    Map<String, List<String>> values = new TreeMap<>();
    List<ConsumerRecord<byte[], byte[]>> records =
        isolation == IsolationLevel.READ_COMMITTED && cluster == kafka
            ? committed()
            : cluster.readAll(name, isolation);
    for (ConsumerRecord<byte[], byte[]> record : records) {
      values
          .computeIfAbsent(String.valueOf(text(record.key())), key -> new ArrayList<>())
          .add(text(record.value()));
    }
    return values;
  }

  /** Record i has key i modulo {@code keys} and value i. */
  private void assertComplete(IsolationLevel isolation, int keys, int records) {
    assertComplete(kafka, isolation, keys, records);
  }

  private void assertComplete(TestKafka cluster, IsolationLevel isolation, int keys, int records) {
    Map<String, List<String>> values = valuesByKey(cluster, isolation);
    assertThat(values).hasSize(keys);
    for (int k = 0; k < keys; k++) {
      assertThat(values.get("k" + k)).isEqualTo(expected(k, keys, records));
    }
  }

  private static List<String> expected(int key, int keys, int records) {
    List<String> expected = new ArrayList<>();
    for (int i = key; i < records; i += keys) {
      expected.add(Integer.toString(i));
    }
    return expected;
  }

  private static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, UTF_8);
  }

  /** The broker looks every ten seconds for transactions that have taken too long. */
  private void awaitAbort() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    try (Admin admin = kafka.admin()) {
      while (!isAborted(admin)) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        Thread.sleep(200);
      }
    }
  }

  private boolean isAborted(Admin admin) throws ExecutionException, InterruptedException {
    return admin
        .describeTransactions(List.of(name))
        .all()
        .get()
        .get(name)
        .state()
        .toString()
        .equals("CompleteAbort");
  }
}
