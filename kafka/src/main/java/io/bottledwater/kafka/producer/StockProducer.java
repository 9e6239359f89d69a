package io.bottledwater.kafka.producer;

import io.bottledwater.bytes.ByteSlice;
import io.bottledwater.record.EncodedRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's own producer: for brokers whose transactions are older than version 2, and for properties
 * that only it knows.
 */
public final class StockProducer implements RecordProducer {
  private final KafkaProducer<byte[], byte[]> producer;
  private final boolean transactional;
  private final boolean withHeaders;
  private final KeyHash hash;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private final Callback callback;
  private boolean inTransaction;

  /**
   * Opens a producer; with a {@code transactional.id}, its older instances are fenced.
   *
   * @param withHeaders whether rows get headers
   */
  public static StockProducer open(
      Map<String, Object> properties, boolean withHeaders, KeyHash hash) {
    boolean transactional = properties.containsKey(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
    StockProducer producer =
        new StockProducer(new KafkaProducer<>(properties), transactional, withHeaders, hash);
    try {
      if (transactional) {
        producer.producer.initTransactions();
      }
      return producer;
    } catch (KafkaException e) {
      producer.close();
      throw e;
    }
  }

  private StockProducer(
      KafkaProducer<byte[], byte[]> producer,
      boolean transactional,
      boolean withHeaders,
      KeyHash hash) {
    this.producer = producer;
    this.transactional = transactional;
    this.withHeaders = withHeaders;
    this.hash = hash;
    // Called by the producer's own thread.
    this.callback =
        (metadata, exception) -> {
          if (exception != null) {
            failure.compareAndSet(null, exception);
          }
        };
  }

  @Override
  public void send(TargetTopic topic, EncodedRecord record) {
    ByteSlice value = record.value();
    send(
        topic,
        Math.max(0, record.timestampMillis()),
        record.key(),
        value == null ? null : value.toByteArray(),
        withHeaders ? RowHeaders.asList(record) : List.of());
  }

  @Override
  public void send(
      TargetTopic topic,
      long timestampMillis,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<Header> headers) {
    run(
        () -> {
          if (transactional && !inTransaction) {
            producer.beginTransaction();
            inTransaction = true;
          }
          producer.send(
              new ProducerRecord<>(
                  topic.name(), partition(topic, key), timestampMillis, key, value, headers),
              callback);
        });
  }

  // Null where the producer may choose. Keys are spread over the partitions that are used, which
  // may be fewer than there are by now.
  private @Nullable Integer partition(TargetTopic topic, byte @Nullable [] key) {
    if (key != null) {
      return hash.partition(key, topic.partitions());
    }
    return hash == KeyHash.MURMUR2 ? null : ThreadLocalRandom.current().nextInt(topic.partitions());
  }

  @Override
  public void flush() {
    run(producer::flush);
  }

  @Override
  public void commit() {
    run(
        () -> {
          if (inTransaction) {
            producer.commitTransaction();
            inTransaction = false;
          } else {
            producer.flush();
          }
        });
  }

  @Override
  public void abort() {
    if (inTransaction) {
      run(producer::abortTransaction);
      inTransaction = false;
    }
  }

  @Override
  public void progress() {
    checkFailure();
  }

  private void run(Runnable action) {
    checkFailure();
    try {
      action.run();
    } catch (KafkaException | IllegalStateException e) {
      // The producer's own thread may know the cause of which this is the consequence.
      failure.compareAndSet(null, e);
    }
    checkFailure();
  }

  private void checkFailure() {
    Exception failed = failure.get();
    if (failed != null) {
      throw failed instanceof KafkaException known ? known : new KafkaException(failed);
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }
}
