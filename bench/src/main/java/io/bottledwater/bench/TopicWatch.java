package io.bottledwater.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** How much a run's topics hold, as readers of committed records see it. One thread. */
final class TopicWatch implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String FETCH_BYTES = "16777216";

  private final String bootstrapServers;
  private final Admin admin;
  private final Set<String> topics;
  private final Map<TopicPartition, OffsetSpec> latest = new HashMap<>();

  TopicWatch(String bootstrapServers, Set<String> topics) {
    this.bootstrapServers = bootstrapServers;
    this.topics = Set.copyOf(topics);
    Properties properties = new Properties();
    properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    this.admin = Admin.create(properties);
  }

  /**
   * The last stable offsets of all partitions, added up: the records, and a marker for each
   * transaction; 0 until all the topics are there.
   */
  long end() {
    if (latest.isEmpty() && !findPartitions()) {
      return 0;
    }
    long sum = 0;
    for (ListOffsetsResultInfo end :
        await(
                admin
                    .listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                    .all())
            .values()) {
      sum += end.offset();
    }
    return sum;
  }

  private boolean findPartitions() {
    if (!await(admin.listTopics().names()).containsAll(topics)) {
      return false;
    }
    for (TopicDescription topic : await(admin.describeTopics(topics).allTopicNames()).values()) {
      topic
          .partitions()
          .forEach(
              partition ->
                  latest.put(
                      new TopicPartition(topic.name(), partition.partition()),
                      OffsetSpec.latest()));
    }
    return true;
  }

  /** Once {@link #end} has seen records. */
  Set<TopicPartition> partitions() {
    return Set.copyOf(latest.keySet());
  }

  /** Committed records, counted by reading them. */
  long count() {
    if (latest.isEmpty() && !findPartitions()) {
      return 0;
    }
    Properties properties = new Properties();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, IsolationLevel.READ_COMMITTED.toString());
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "20000");
    properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(latest.keySet());
      consumer.seekToBeginning(latest.keySet());
      Map<TopicPartition, Long> ends = consumer.endOffsets(latest.keySet(), PATIENCE);
      List<TopicPartition> open = new ArrayList<>(latest.keySet());
      long count = 0;
      while (!open.isEmpty()) {
        count += consumer.poll(Duration.ofMillis(100)).count();
        open.removeIf(
            partition -> consumer.position(partition, PATIENCE) >= endOf(ends, partition));
      }
      return count;
    }
  }

  private static long endOf(Map<TopicPartition, Long> ends, TopicPartition partition) {
    Long end = ends.get(partition);
    return end == null ? 0 : end;
  }

  /** Frees the disk. */
  void delete() {
    if (!latest.isEmpty()) {
      await(admin.deleteTopics(topics).all());
    }
  }

  private static <T> T await(KafkaFuture<T> future) {
    try {
      return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("Kafka did not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
