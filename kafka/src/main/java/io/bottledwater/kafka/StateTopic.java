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
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The compacted topic of one partition in which pumps keep their state. Key {@code pump:entry},
 * value a flat JSON object of strings.
 */
final class StateTopic {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration READ_LIMIT = Duration.ofSeconds(60);

  private final KafkaSinkSettings settings;
  private final String keyPrefix;

  StateTopic(KafkaSinkSettings settings) {
    this.settings = settings;
    this.keyPrefix = settings.pumpName() + ":";
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
    Map<String, StateEntry> entries = new HashMap<>();
    TopicPartition partition = new TopicPartition(settings.stateTopic(), 0);
    // The end is asked for without isolation: a transaction that is still open there may be about
    // to
    // commit entries of ours, so reading waits for it.
    Map<String, Object> uncommitted = ClientProperties.consumer(settings);
    uncommitted.put("isolation.level", "read_uncommitted");
    try (KafkaConsumer<byte[], byte[]> ends = new KafkaConsumer<>(uncommitted);
        KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(ClientProperties.consumer(settings))) {
      // Not needed for the answer, but the client warns when it is not assigned.
      ends.assign(List.of(partition));
      long end = ends.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long deadline = System.nanoTime() + READ_LIMIT.toNanos();
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          take(record, entries);
        }
        if (System.nanoTime() > deadline) {
          throw new BottledWaterException(
              ErrorCode.KAFKA_UNREACHABLE,
              "Topic "
                  + settings.stateTopic()
                  + " cannot be read to its end: a transaction on it is still open.");
        }
      }
      return entries;
    } catch (KafkaException e) {
      throw KafkaErrors.translate(
          e, "reading topic " + settings.stateTopic(), settings.bootstrapServers());
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record, Map<String, StateEntry> entries) {
    String key = new String(record.key(), StandardCharsets.UTF_8);
    if (!key.startsWith(keyPrefix)) {
      return;
    }
    String name = key.substring(keyPrefix.length());
    byte[] value = record.value();
    if (value == null) {
      entries.remove(name);
      return;
    }
    try {
      entries.put(
          name,
          new StateEntry(name, JSON.readValue(value, new TypeReference<Map<String, String>>() {})));
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
