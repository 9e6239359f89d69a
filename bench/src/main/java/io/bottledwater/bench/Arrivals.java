package io.bottledwater.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * When the rows of a load come out of Kafka's own consumer, which reads committed records only and
 * has its defaults otherwise: it is answered as soon as there is one byte. Times are those of
 * {@link System#nanoTime}, when the poll returns that brings the record.
 */
final class Arrivals implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);
  // Magic byte and schema id stand before an Avro key.
  private static final int AVRO_BODY = 5;
  private static final Pattern JSON_ID = Pattern.compile("\"id\":\\s*(\\d+)");

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final long firstId;
  private final long[] arrived;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final Thread thread = new Thread(this::run, "arrivals");
  private volatile int distinct;
  private volatile int repeated;

  /**
   * @param partitions to be read from their beginning
   * @param firstId of {@code count} consecutive rows; others are not looked at
   */
  Arrivals(String bootstrapServers, Set<TopicPartition> partitions, long firstId, int count) {
    this.firstId = firstId;
    this.arrived = new long[count];
    Properties properties = new Properties();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, IsolationLevel.READ_COMMITTED.toString());
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    int first = 0;
    int again = 0;
    while (!stopped.get()) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      long now = System.nanoTime();
      for (ConsumerRecord<byte[], byte[]> record : records) {
        long index = id(record.key()) - firstId;
        if (index < 0 || index >= arrived.length) {
          continue;
        }
        if (arrived[(int) index] == 0) {
          arrived[(int) index] = now;
          first++;
        } else {
          again++;
        }
      }
      // Behind the times: whoever sees the count sees them.
      repeated = again;
      distinct = first;
    }
  }

  /** The row that a key names: {@code {"id":1}}, or Avro's long with the wire format's prefix. */
  static long id(byte[] key) {
    if (key[0] == '{') {
      Matcher json = JSON_ID.matcher(new String(key, US_ASCII));
      if (!json.find()) {
        throw new IllegalArgumentException("a key without id");
      }
      return Long.parseLong(json.group(1));
    }
    try {
      return DecoderFactory.get()
          .binaryDecoder(key, AVRO_BODY, key.length - AVRO_BODY, null)
          .readLong();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many of the rows have come. */
  int distinct() {
    return distinct;
  }

  /** How many records came for a row that had come before. */
  int repeated() {
    return repeated;
  }

  /** When a row came first, 0 when it has not come. */
  long arrived(int index) {
    return arrived[index];
  }

  /** Whether it still reads; it must. */
  boolean isAlive() {
    return thread.isAlive();
  }

  @Override
  public void close() {
    stopped.set(true);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    consumer.close();
  }
}
