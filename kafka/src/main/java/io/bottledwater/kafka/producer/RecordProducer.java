package io.bottledwater.kafka.producer;

import io.bottledwater.record.EncodedRecord;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Sends records to brokers. With transactions, everything between two commits is one; it begins
 * with its first record. Any exception ends the producer: what it left open is for the next
 * producer of the same transactional id to resolve.
 *
 * <p>One thread. Errors are {@link org.apache.kafka.common.KafkaException}s.
 */
public interface RecordProducer extends AutoCloseable {
  /**
   * Records for any of these topics are going to come: their leaders can be asked for at once,
   * instead of one by one.
   */
  default void expect(Collection<String> names) {}

  /** Sends a row's record to the partition of its key. */
  void send(TargetTopic topic, EncodedRecord record);

  /** Sends a record of another kind to the partition of its key. */
  void send(
      TargetTopic topic,
      long timestampMillis,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<Header> headers);

  /** Returns when the brokers have everything that was sent. */
  void flush();

  /**
   * Returns when everything that was sent is committed; without transactions, when the brokers have
   * it.
   */
  void commit();

  /** Gives up the open transaction, if there is one. Nothing may have failed before. */
  void abort();

  /** Gives what is under way a chance to go on. To be called while no records come. */
  void progress();

  /** Closes at once; a transaction that is open stays so. */
  @Override
  void close();
}
