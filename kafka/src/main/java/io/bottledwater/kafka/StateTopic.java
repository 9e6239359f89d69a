package io.bottledwater.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.sink.StateEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * The compacted topic of one partition in which pumps keep their state. Key {@code pump:entry},
 * value a flat JSON object of strings.
 */
final class StateTopic {
  private static final ObjectMapper JSON = new ObjectMapper();

  // A broker that gives nothing for so long, though the topic goes on.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  // Deletions stay in the topic for so long after they have been compacted. A reading that takes
  // longer could miss the deletion of an entry that it has met.
  private static final Duration DELETIONS_KEPT = Duration.ofMinutes(10);

  private static final int FETCH_BYTES = 8 * 1024 * 1024;
  private static final int FETCH_WAIT_MILLIS = 20;

  private final Admin admin;
  private final KafkaSinkSettings settings;
  private final String keyPrefix;

  StateTopic(Admin admin, KafkaSinkSettings settings) {
    this.admin = admin;
    this.settings = settings;
    this.keyPrefix = settings.pumpName() + ":";
  }

  /**
   * Each commit of a pump adds a record, and each start reads them all. The segment that is written
   * to is never compacted, and what a compaction leaves of a transaction (its end) stays as long as
   * deletions do: with the brokers' defaults that is up to 1 GiB of the one and a day of the other.
   *
   * @param maxMessageBytes an entry may be as large as any record
   */
  static Map<String, String> configuration(String maxMessageBytes) {
    return Map.of(
        TopicConfig.CLEANUP_POLICY_CONFIG,
        TopicConfig.CLEANUP_POLICY_COMPACT,
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
        maxMessageBytes,
        TopicConfig.SEGMENT_BYTES_CONFIG,
        "16777216",
        TopicConfig.SEGMENT_MS_CONFIG,
        "600000",
        TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
        "0.1",
        TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG,
        "600000",
        TopicConfig.DELETE_RETENTION_MS_CONFIG,
        String.valueOf(DELETIONS_KEPT.toMillis()));
  }

  byte[] keyOf(StateEntry entry) {
    return (keyPrefix + entry.key()).getBytes(StandardCharsets.UTF_8);
  }

  /** Null deletes the entry. */
  byte @Nullable [] valueOf(StateEntry entry) {
    try {
      return entry.fields().isEmpty()
          ? null
          : JSON.writeValueAsBytes(new TreeMap<>(entry.fields()));
    } catch (JsonProcessingException e) {
      throw new BottledWaterException(ErrorCode.BUG, "A state entry cannot be written.", e);
    }
  }

  /** Reads the topic to the end that it has now. */
  Map<String, StateEntry> read() {
    return read(PATIENCE);
  }

  Map<String, StateEntry> read(Duration patience) {
    // Most records are replaced by later ones, and need not be parsed.
    Map<String, ConsumerRecord<byte[], byte[]>> newest = new HashMap<>();
    TopicPartition partition = new TopicPartition(settings.stateTopic(), 0);
    Map<String, Object> committed = ClientProperties.consumer(settings);
    committed.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
    committed.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Integer.MAX_VALUE);
    // What comes is there already. Behind the last entry lies only the end of a transaction, for
    // which a broker would let the client wait.
    committed.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MILLIS);
    long end = end(partition);
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(committed)) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long begunNanos = System.nanoTime();
      long movedNanos = begunNanos;
      long reached = consumer.position(partition);
      while (reached < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          take(record, newest);
        }
        long before = reached;
        reached = consumer.position(partition);
        long now = System.nanoTime();
        movedNanos = reached > before ? now : movedNanos;
        if (now - movedNanos > patience.toNanos()) {
          throw unreadable(reached, end, "nothing came for " + patience.toSeconds() + " s");
        }
        if (now - begunNanos > DELETIONS_KEPT.toNanos()) {
          throw unreadable(
              reached, end, "it took longer than " + DELETIONS_KEPT.toMinutes() + " minutes");
        }
      }
    } catch (KafkaException e) {
      throw KafkaErrors.translate(
          e, "reading topic " + settings.stateTopic(), settings.bootstrapServers());
    }
    Map<String, StateEntry> entries = new HashMap<>();
    newest.forEach((name, record) -> entries.put(name, entry(name, record)));
    return entries;
  }

  // Without isolation: a transaction that is still open there may be about to commit entries of
  // ours, so reading waits for it.
  private long end(TopicPartition partition) {
    try {
      return admin
          .listOffsets(
              Map.of(partition, OffsetSpec.latest()),
              new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
          .partitionResult(partition)
          .get()
          .offset();
    } catch (ExecutionException e) {
      throw KafkaErrors.translate(
          e, "reading topic " + settings.stateTopic(), settings.bootstrapServers());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BottledWaterException(
          ErrorCode.KAFKA_UNREACHABLE, "Interrupted while reading the state.", e);
    }
  }

  private BottledWaterException unreadable(long reached, long end, String why) {
    return new BottledWaterException(
        ErrorCode.KAFKA_UNREACHABLE,
        "Topic "
            + settings.stateTopic()
            + " cannot be read to its end (offset "
            + reached
            + " of "
            + end
            + "): "
            + why
            + ". A broker is slow, or a transaction on the topic is still open.");
  }

  private void take(
      ConsumerRecord<byte[], byte[]> record, Map<String, ConsumerRecord<byte[], byte[]>> newest) {
    String key = new String(record.key(), StandardCharsets.UTF_8);
    if (!key.startsWith(keyPrefix)) {
      return;
    }
    String name = key.substring(keyPrefix.length());
    if (record.value() == null) {
      newest.remove(name);
    } else {
      newest.put(name, record);
    }
  }

  private StateEntry entry(String name, ConsumerRecord<byte[], byte[]> record) {
    try {
      return new StateEntry(
          name, JSON.readValue(record.value(), new TypeReference<Map<String, String>>() {}));
    } catch (IOException e) {
      throw new BottledWaterException(
          ErrorCode.BUG,
          "Topic "
              + settings.stateTopic()
              + " holds an entry at offset "
              + record.offset()
              + " that is not the pump's.",
          e);
    }
  }
}
