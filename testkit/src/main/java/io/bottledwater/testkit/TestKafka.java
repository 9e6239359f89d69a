package io.bottledwater.testkit;

import io.bottledwater.embedded.kafka.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * What tests do with a Kafka cluster, by the stock clients. {@link #shared()} is one broker a
 * process, started when first asked for. Thread-safe.
 */
public final class TestKafka {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private static @Nullable TestKafka shared;

  private final String bootstrapServers;
  private final Map<String, String> security;

  private TestKafka(String bootstrapServers, Map<String, String> security) {
    this.bootstrapServers = bootstrapServers;
    this.security = Map.copyOf(security);
  }

  /** The broker that all tests of this process share. */
  public static synchronized TestKafka shared() {
    TestKafka kafka = shared;
    if (kafka == null) {
      kafka = new TestKafka(startShared().bootstrapServers(), Map.of());
      shared = kafka;
    }
    return kafka;
  }

  /** The same helpers for another cluster. */
  public static TestKafka at(String bootstrapServers) {
    return at(bootstrapServers, Map.of());
  }

  /**
   * The same helpers for a cluster that asks who is there.
   *
   * @param security client properties, for all clients
   */
  public static TestKafka at(String bootstrapServers, Map<String, String> security) {
    return new TestKafka(bootstrapServers, security);
  }

  public String bootstrapServers() {
    return bootstrapServers;
  }

  /**
   * Creates a topic and waits until clients see it.
   *
   * @param configuration topic properties such as {@code cleanup.policy}
   */
  public void createTopic(String name, int partitions, Map<String, String> configuration) {
    try (Admin admin = admin()) {
      await(
          admin
              .createTopics(
                  List.of(new NewTopic(name, partitions, (short) 1).configs(configuration)))
              .all());
      long deadline = System.nanoTime() + DEADLINE.toNanos();
      while (!isVisible(admin, name)) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("topic " + name + " did not appear");
        }
        Thread.onSpinWait();
      }
    }
  }

  public void createTopic(String name, int partitions) {
    createTopic(name, partitions, Map.of());
  }

  public void deleteTopic(String name) {
    try (Admin admin = admin()) {
      await(admin.deleteTopics(List.of(name)).all());
    }
  }

  /** Names of the topics that there are. */
  public Set<String> topics() {
    try (Admin admin = admin()) {
      return await(admin.listTopics().names());
    }
  }

  /** The caller closes it. */
  public Admin admin() {
    Properties properties = new Properties();
    properties.putAll(security);
    properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return Admin.create(properties);
  }

  /**
   * Every record between the start and the end of all partitions at the time of the call, in offset
   * order within a partition; with READ_COMMITTED the end is the last stable offset.
   */
  public List<ConsumerRecord<byte[], byte[]>> readAll(String topic, IsolationLevel isolation) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(isolation)) {
      List<TopicPartition> partitions = new ArrayList<>();
      for (PartitionInfo partition : consumer.partitionsFor(topic, DEADLINE)) {
        partitions.add(new TopicPartition(topic, partition.partition()));
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, DEADLINE);
      long deadline = System.nanoTime() + DEADLINE.toNanos();
      while (!reached(consumer, ends)) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("the end of topic " + topic + " was not reached");
        }
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
      records.removeIf(r -> r.offset() >= end(ends, new TopicPartition(r.topic(), r.partition())));
    }
    return records;
  }

  /** With byte arrays, no group, and no automatic commit; the caller closes it. */
  public KafkaConsumer<byte[], byte[]> consumer(IsolationLevel isolation) {
    Properties properties = new Properties();
    properties.putAll(security);
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation.toString());
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static boolean reached(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
      if (consumer.position(end.getKey(), DEADLINE) < end.getValue()) {
        return false;
      }
    }
    return true;
  }

  private static long end(Map<TopicPartition, Long> ends, TopicPartition partition) {
    Long end = ends.get(partition);
    return end == null ? 0 : end;
  }

  private static boolean isVisible(Admin admin, String topic) {
    try {
      await(admin.describeTopics(List.of(topic)).allTopicNames());
      return true;
    } catch (UnknownTopicOrPartitionException e) {
      return false;
    }
  }

  private static <T> T await(KafkaFuture<T> future) {
    try {
      return future.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("Kafka did not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static EmbeddedKafka startShared() {
    Path directory = TemporaryDirectories.create("kafka");
    // Nobody kills this broker; one that stands still for a moment is not to be taken for dead.
    EmbeddedKafka kafka =
        EmbeddedKafka.builder()
            .dataDirectory(directory)
            .property("broker.session.timeout.ms", "9000")
            .start();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  kafka.stop();
                  TemporaryDirectories.delete(directory);
                },
                "test-kafka-stop"));
    return kafka;
  }
}
