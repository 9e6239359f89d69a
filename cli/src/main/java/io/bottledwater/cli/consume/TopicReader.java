package io.bottledwater.cli.consume;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Kafka's stock consumer, without a group: it reads from where it is told and commits nothing. One
 * thread only, but for {@link #wakeup}.
 */
public final class TopicReader implements AutoCloseable {
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

  private final String bootstrapServers;
  private final KafkaConsumer<byte[], byte[]> consumer;

  /**
   * @param isolationLevel in Kafka's words, {@code read_committed} for instance
   * @throws BottledWaterException {@code BW-KAFKA-UNREACHABLE} when no broker's name is known
   */
  public TopicReader(String bootstrapServers, String isolationLevel) {
    this.bootstrapServers = bootstrapServers;
    Map<String, Object> properties = new HashMap<>();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolationLevel);
    properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    // An offset that is no longer kept: the oldest that is.
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "1000");
    properties.put(ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
    try {
      this.consumer = new KafkaConsumer<>(properties);
    } catch (KafkaException e) {
      throw failure(e, "connecting");
    }
  }

  /**
   * Chooses what to read.
   *
   * @param partition empty for all
   * @throws BottledWaterException {@code BW-TOPIC-MISSING}, {@code BW-KAFKA-UNREACHABLE} after 5
   *     seconds
   */
  public void assign(String topic, OptionalInt partition, StartAt start) {
    try {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic, ANSWER_LIMIT).stream()
              .map(PartitionInfo::partition)
              .filter(number -> partition.isEmpty() || partition.getAsInt() == number)
              .sorted()
              .map(number -> new TopicPartition(topic, number))
              .toList();
      if (partitions.isEmpty()) {
        throw missing(topic, partition);
      }
      consumer.assign(partitions);
      start.seek(consumer, partitions);
      // Now, so that what is written from here on is read: seeking by itself waits for a poll.
      for (TopicPartition each : partitions) {
        consumer.position(each, ANSWER_LIMIT);
      }
    } catch (InvalidTopicException e) {
      throw missing(topic, OptionalInt.empty());
    } catch (WakeupException e) {
      throw e;
    } catch (KafkaException e) {
      throw failure(e, "looking for topic " + topic);
    }
  }

  /**
   * Adds those of the topics that exist by now, from their beginning. Asks Kafka only while one of
   * them is missing.
   *
   * @return whether there is anything to poll
   */
  public boolean assignExisting(List<String> topics) {
    Set<TopicPartition> assigned = new HashSet<>(consumer.assignment());
    Set<String> known = new HashSet<>();
    assigned.forEach(partition -> known.add(partition.topic()));
    if (known.containsAll(topics)) {
      return true;
    }
    try {
      List<TopicPartition> added = new ArrayList<>();
      consumer
          .listTopics(ANSWER_LIMIT)
          .forEach(
              (topic, partitions) -> {
                if (topics.contains(topic) && !known.contains(topic)) {
                  partitions.forEach(p -> added.add(new TopicPartition(topic, p.partition())));
                }
              });
      if (!added.isEmpty()) {
        assigned.addAll(added);
        consumer.assign(assigned);
        consumer.seekToBeginning(added);
      }
      return !assigned.isEmpty();
    } catch (WakeupException e) {
      throw e;
    } catch (KafkaException e) {
      throw failure(e, "looking for topics");
    }
  }

  /**
   * @return records, none when there were none within the limit
   * @throws WakeupException after {@link #wakeup}
   */
  public ConsumerRecords<byte[], byte[]> poll(Duration limit) {
    try {
      return consumer.poll(limit);
    } catch (WakeupException e) {
      throw e;
    } catch (KafkaException e) {
      throw failure(e, "reading");
    }
  }

  /** Ends a call that waits, with {@link WakeupException}. Any thread may call. */
  public void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }

  private BottledWaterException missing(String topic, OptionalInt partition) {
    return new BottledWaterException(
        ErrorCode.TOPIC_MISSING,
        partition.isPresent()
            ? "Topic "
                + topic
                + " of Kafka at "
                + bootstrapServers
                + " is missing or has no partition "
                + partition.getAsInt()
                + "."
            : "Kafka at " + bootstrapServers + " has no topic " + topic + ".",
        "Check --topic; the pump creates a table's topic with its first row.",
        null);
  }

  private BottledWaterException failure(KafkaException e, String doing) {
    if (e instanceof AuthenticationException || e instanceof AuthorizationException) {
      return new BottledWaterException(
          ErrorCode.KAFKA_REFUSED, "Kafka at " + bootstrapServers + " refused " + doing + ".", e);
    }
    String found =
        e instanceof TimeoutException
            ? "Kafka at " + bootstrapServers + " did not answer, " + doing + "."
            : "Kafka at "
                + bootstrapServers
                + " failed ("
                + e.getClass().getSimpleName()
                + "), "
                + doing
                + ".";
    return new BottledWaterException(
        ErrorCode.KAFKA_UNREACHABLE,
        found,
        "Check --bootstrap-server, and that the broker runs.",
        e);
  }
}
