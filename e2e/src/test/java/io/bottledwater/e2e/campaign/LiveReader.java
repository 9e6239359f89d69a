package io.bottledwater.e2e.campaign;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bottledwater.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * A stock read_committed consumer that follows the bank's topics while faults happen, and tells a
 * {@link TopicState} what it sees. A thread of its own.
 */
final class LiveReader implements AutoCloseable {
  private static final Duration CALL_LIMIT = Duration.ofSeconds(10);
  private static final Duration DRAIN_LIMIT = Duration.ofMinutes(3);
  private static final long DISCOVER_NANOS = 300_000_000L;

  private final TestKafka kafka;
  private final String prefix;
  private final RowDecoder decoder;
  private final TopicState state;
  private final Violations violations;
  private final Thread thread;
  private final Set<TopicPartition> assigned = new HashSet<>();
  private volatile boolean stop;
  private volatile boolean draining;
  private volatile Throwable failure;
  private volatile long newestCommitMillis;

  LiveReader(
      TestKafka kafka, String prefix, RowDecoder decoder, TopicState state, Violations violations) {
    this.kafka = kafka;
    this.prefix = prefix;
    this.decoder = decoder;
    this.state = state;
    this.violations = violations;
    this.thread = new Thread(this::run, "live-reader");
    thread.start();
  }

  /** Commit time of the newest change that was seen, since 1970-01-01T00:00Z. */
  long newestCommitMillis() {
    return newestCommitMillis;
  }

  private void run() {
    try (KafkaConsumer<byte[], byte[]> consumer = kafka.consumer(IsolationLevel.READ_COMMITTED)) {
      long discoverNanos = System.nanoTime();
      long due = 0;
      boolean last = false;
      Map<TopicPartition, Long> ends = Map.of();
      while (!stop) {
        try {
          if (assigned.isEmpty() && System.nanoTime() - discoverNanos >= 0) {
            discoverNanos = System.nanoTime() + DISCOVER_NANOS;
            discover(consumer);
          }
          if (assigned.isEmpty()) {
            Thread.sleep(50);
            continue;
          }
          for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
            take(record);
          }
          if (ends.isEmpty()) {
            due = state.dueLsn();
            last = draining;
            ends = consumer.endOffsets(assigned, CALL_LIMIT);
          } else if (reached(consumer, ends)) {
            state.checkDue(due);
            ends = Map.of();
            if (last) {
              stop = true;
            }
          }
        } catch (KafkaException e) {
          // The broker is away: that is what campaigns are for. The position stays.
          if (!(e instanceof org.apache.kafka.common.errors.RetriableException)) {
            throw e;
          }
        }
      }
    } catch (Throwable e) {
      failure = e;
    }
  }

  // All at once: a topic that is found later than others would make transactions look torn.
  private void discover(KafkaConsumer<byte[], byte[]> consumer) {
    List<TopicPartition> found = new ArrayList<>();
    Map<String, List<PartitionInfo>> topics = consumer.listTopics(CALL_LIMIT);
    List<String> names = new ArrayList<>(Bank.ACCOUNTS);
    names.add(Bank.LEDGER);
    for (String name : names) {
      List<PartitionInfo> partitions = topics.get(prefix + "." + name);
      if (partitions == null) {
        return;
      }
      partitions.forEach(p -> found.add(new TopicPartition(p.topic(), p.partition())));
    }
    assigned.addAll(found);
    consumer.assign(found);
    consumer.seekToBeginning(found);
  }

  private static boolean reached(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
      if (consumer.position(end.getKey(), CALL_LIMIT) < end.getValue()) {
        return false;
      }
    }
    return true;
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    String where = record.topic() + "-" + record.partition() + "@" + record.offset();
    try {
      String operation = header(record, "bw.op");
      boolean snapshot = operation.equals("r");
      Map<String, Object> key = decoder.decode(record.topic(), true, record.key());
      state.accept(
          new Seen(
              record.topic().substring(prefix.length() + 1),
              record.partition(),
              record.offset(),
              operation,
              Seen.lsn(header(record, "bw.lsn")),
              snapshot ? -1 : Long.parseLong(header(record, "bw.seq")),
              String.valueOf(key.get("id")),
              record.value() == null
                  ? null
                  : shorten(decoder.decode(record.topic(), false, record.value()))));
      if (!snapshot) {
        newestCommitMillis = Math.max(newestCommitMillis, record.timestamp());
      }
    } catch (RowDecoder.Undecodable e) {
      violations.add(Rule.O8, where + " " + e.getMessage());
    } catch (RuntimeException e) {
      violations.add(Rule.O8, where + " is no record of its table: " + e);
    }
  }

  /** A large value is remembered by its length and hash, as the final check computes them. */
  private static Map<String, Object> shorten(Map<String, Object> row) {
    row.computeIfPresent("big", (column, value) -> Bank.digest(value.toString()));
    return row;
  }

  static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    if (header == null) {
      throw new IllegalArgumentException("no header " + name);
    }
    return new String(header.value(), UTF_8);
  }

  /** Returns when everything has been read that the topics hold now. */
  void drain() {
    draining = true;
    try {
      thread.join(DRAIN_LIMIT.toMillis());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    if (thread.isAlive()) {
      throw new AssertionError("the topics' ends were never reached");
    }
  }

  @Override
  public void close() {
    stop = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    if (failure != null) {
      throw new AssertionError("the reader failed", failure);
    }
  }
}
