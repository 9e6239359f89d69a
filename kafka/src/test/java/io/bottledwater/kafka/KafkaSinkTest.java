package io.bottledwater.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bottledwater.bytes.ByteSlice;
import io.bottledwater.config.Delivery;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.record.EncodedRecord;
import io.bottledwater.record.Operation;
import io.bottledwater.record.Topic;
import io.bottledwater.sink.SinkWriter;
import io.bottledwater.sink.StateEntry;
import io.bottledwater.testkit.TestKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;

/** The sink's own topics, and what brokers refuse, on a real broker. */
class KafkaSinkTest {
  private final TestKafka kafka = TestKafka.shared();
  private final String name = "sink-" + UUID.randomUUID();
  private final KafkaSinkSettings settings = settings();

  @Test
  void keepsTheStateTopicSmall() throws Exception {
    try (KafkaSink sink = KafkaSink.open(settings)) {
      sink.recover();
    }

    Config found = configuration(settings.stateTopic());
    StateTopic.configuration("16777216")
        .forEach((name, value) -> assertThat(found.get(name).value()).as(name).isEqualTo(value));
  }

  @Test
  void givesAnOlderStateTopicWhatItLacksAndLeavesWhatSomebodyHasSet() throws Exception {
    kafka.createTopic(
        settings.stateTopic(),
        1,
        Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_COMPACT,
            TopicConfig.SEGMENT_MS_CONFIG,
            "7000"));

    try (KafkaSink sink = KafkaSink.open(settings)) {
      sink.recover();
    }

    Config found = configuration(settings.stateTopic());
    assertThat(found.get(TopicConfig.SEGMENT_MS_CONFIG).value()).isEqualTo("7000");
    assertThat(found.get(TopicConfig.SEGMENT_BYTES_CONFIG).value()).isEqualTo("16777216");
    assertThat(found.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value()).isEqualTo("16777216");
    assertThat(found.get(TopicConfig.DELETE_RETENTION_MS_CONFIG).value()).isEqualTo("600000");
  }

  @Test
  void recoversTheNewestOfEachEntryHoweverLarge() {
    // Random hexadecimal digits do not compress below half.
    byte[] random = new byte[1_500_000];
    new Random(1).nextBytes(random);
    StateEntry large = entry("large", java.util.HexFormat.of().formatHex(random));
    commit(entry("a", "1"), entry("b", "1"), large);
    commit(entry("a", "2"), new StateEntry("b", Map.of()), entry("c", "3"));

    try (KafkaSink sink = KafkaSink.open(settings)) {
      assertThat(sink.recover().values())
          .containsExactlyInAnyOrder(entry("a", "2"), entry("c", "3"), large);
    }
  }

  @Test
  void saysThatTheStateCannotBeReadToItsEndWhenNothingMoreComes() throws Exception {
    commit(entry("a", "1"));
    Map<String, Object> properties =
        ClientProperties.producer(settings, "somebody-else-" + UUID.randomUUID());
    try (Admin admin = kafka.admin();
        KafkaProducer<byte[], byte[]> open = new KafkaProducer<>(properties)) {
      open.initTransactions();
      open.beginTransaction();
      open.send(new ProducerRecord<>(settings.stateTopic(), "other:x".getBytes(UTF_8), null)).get();

      BottledWaterException refused =
          catchThrowableOfType(
              BottledWaterException.class,
              () -> new StateTopic(admin, settings).read(Duration.ofSeconds(2)));

      assertThat(refused.code()).isEqualTo(ErrorCode.KAFKA_UNREACHABLE);
      assertThat(refused.found()).contains("nothing came for 2 s");
      open.commitTransaction();
      assertThat(new StateTopic(admin, settings).read()).containsOnlyKeys("a");
    }
  }

  @Test
  void refusesARecordWhoseTimeTheBrokerDoesNotTake() {
    Topic topic = new Topic(name, true);
    try (KafkaSink sink = KafkaSink.open(settings)) {
      sink.recover();
      sink.ensureTopics(List.of(topic));
      try (SinkWriter writer = sink.streamWriter()) {
        writer.accept(record(topic, new byte[1], new byte[1], TimeUnit.HOURS.toMillis(30)));

        BottledWaterException refused =
            catchThrowableOfType(
                BottledWaterException.class, () -> writer.commit(List.of(entry("a", "1"))));

        assertThat(refused.code()).isEqualTo(ErrorCode.RECORD_REFUSED);
        assertThat(refused.advice()).contains("message.timestamp.after.max.ms");
      }
    }
  }

  @Test
  void setsAsideARecordWhoseKeyIsTooLargeForTheDeadLetters() {
    Topic topic = new Topic(name, true);
    kafka.createTopic(name, 1, Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "8000000"));
    kafka.createTopic(settings.deadLetterTopic(), 1);
    byte[] key = new byte[2_000_000];
    new Random(1).nextBytes(key);
    try (KafkaSink sink = KafkaSink.open(settings)) {
      sink.recover();
      sink.ensureTopics(List.of(topic));
      try (SinkWriter writer = sink.streamWriter()) {
        writer.accept(record(topic, key, new byte[7_000_000], 0));
        writer.accept(record(topic, new byte[] {7}, new byte[9_000_000], 0));
        writer.commit(List.of(entry("a", "1")));
      }
    }

    awaitVisible();
    assertThat(kafka.readAll(settings.deadLetterTopic(), IsolationLevel.READ_COMMITTED))
        .extracting(letter -> letter.key())
        .containsExactly(null, new byte[] {7});
  }

  private static EncodedRecord record(Topic topic, byte[] key, byte[] value, long millisAhead) {
    EncodedRecord record = new EncodedRecord(topic);
    record.set(topic, Operation.CREATE, key, ByteSlice.of(value));
    record.setOrigin(System.currentTimeMillis() + millisAhead, 1, 1, 0);
    return record;
  }

  private static StateEntry entry(String key, String value) {
    return new StateEntry(key, Map.of("value", value));
  }

  private void commit(StateEntry... entries) {
    try (KafkaSink sink = KafkaSink.open(settings)) {
      sink.recover();
      try (SinkWriter writer = sink.streamWriter()) {
        writer.commit(List.of(entries));
      }
    }
  }

  /**
   * A commit returns when it is certain; readers see it a little later, at the next instance's
   * start at the latest.
   */
  private void awaitVisible() {
    try (KafkaSink sink = KafkaSink.open(settings)) {
      sink.recover();
    }
  }

  private Config configuration(String topic) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try (Admin admin = kafka.admin()) {
      return admin.describeConfigs(List.of(resource)).all().get().get(resource);
    }
  }

  private KafkaSinkSettings settings() {
    return new KafkaSinkSettings(
        kafka.bootstrapServers(),
        Map.of(),
        Map.of(),
        name + ".",
        "pump",
        Delivery.EXACTLY_ONCE,
        null,
        null,
        false,
        true,
        true,
        false);
  }
}
