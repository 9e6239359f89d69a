package io.bottledwater.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bottledwater.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.header.Header;

/** What tests read from topics, with the stock consumer. */
final class TopicReader {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private TopicReader() {}

  /** Reads until there are {@code count} records; then whatever there is. */
  static List<ConsumerRecord<byte[], byte[]>> await(TestKafka kafka, String topic, int count) {
    List<List<ConsumerRecord<byte[], byte[]>>> last = new ArrayList<>();
    until(
        topic + " to hold " + count + " records",
        () -> {
          last.clear();
          last.add(read(kafka, topic));
          return last.get(0).size() >= count;
        });
    return last.get(0);
  }

  static List<ConsumerRecord<byte[], byte[]>> read(TestKafka kafka, String topic) {
    return kafka.readAll(topic, IsolationLevel.READ_COMMITTED);
  }

  static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain for " + what);
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** The newest value of each key, as text; deleted keys are left out. */
  static Map<String, String> newest(List<ConsumerRecord<byte[], byte[]>> records) {
    Map<String, String> newest = new LinkedHashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (record.value() == null) {
        newest.remove(text(record.key()));
      } else {
        newest.put(text(record.key()), text(record.value()));
      }
    }
    return newest;
  }

  /** Operation, key and value of each record. */
  static List<String> lines(List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream()
        .map(r -> header(r, "bw.op") + " " + text(r.key()) + " " + text(r.value()))
        .toList();
  }

  static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, UTF_8);
  }

  static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? null : text(header.value());
  }
}
