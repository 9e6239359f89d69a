package io.bottledwater.kafka;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.failpoint.Failpoint;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.record.EncodedRecord;
import io.bottledwater.sink.SinkWriter;
import io.bottledwater.sink.StateEntry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One producer. With transactions, everything between two commits is one transaction, the state
 * entries among it; they are sent last, so that the state topic is part of an open transaction for
 * a moment only. After any error the writer is unusable: whether a commit took effect is for the
 * next session to find out.
 *
 * <p>One thread; the producer's own thread reports errors.
 */
final class KafkaWriter implements SinkWriter {
  private static final Logger log = LoggerFactory.getLogger(KafkaWriter.class);
  private static final Header[] NO_HEADERS = {};

  // What a record costs beside key, value and headers: lengths, deltas, the batch's own header.
  private static final int RECORD_OVERHEAD_BYTES = 128;
  private static final int HEADERS_BYTES = 128;

  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaSinkSettings settings;
  private final Topics topics;
  private final StateTopic state;
  private final Supplier<List<StateEntry>> ownEntries;
  private final boolean transactional;
  private final int maxRequestSize;
  private final long commitWithinMillis;
  private final RecordHeadersCache headers = new RecordHeadersCache();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private final Callback callback;
  private final CRC32 crc = new CRC32();
  private boolean inTransaction;
  private long deadLetters;

  KafkaWriter(
      KafkaProducer<byte[], byte[]> producer,
      KafkaSinkSettings settings,
      Topics topics,
      StateTopic state,
      Supplier<List<StateEntry>> ownEntries,
      boolean transactional,
      int maxRequestSize,
      long commitWithinMillis) {
    this.commitWithinMillis = commitWithinMillis;
    this.producer = producer;
    this.settings = settings;
    this.topics = topics;
    this.state = state;
    this.ownEntries = ownEntries;
    this.transactional = transactional;
    this.maxRequestSize = maxRequestSize;
    this.callback =
        (metadata, exception) -> {
          if (exception != null) {
            failure.compareAndSet(null, exception);
          }
        };
  }

  @Override
  public void accept(EncodedRecord record) {
    checkFailure();
    String topic = record.topic().name();
    byte[] key = record.key();
    byte[] value = record.value();
    Topics.Known known = topics.of(topic);
    long size =
        (key == null ? 0L : key.length)
            + (value == null ? 0L : value.length)
            + RECORD_OVERHEAD_BYTES
            + HEADERS_BYTES;
    if (size > Math.min(maxRequestSize, known.maxMessageBytes())) {
      oversized(record, size, Math.min(maxRequestSize, known.maxMessageBytes()));
      return;
    }
    Integer partition = settings.crc32() ? partition(key, known.partitions()) : null;
    send(
        new ProducerRecord<>(
            topic,
            partition,
            Math.max(0, record.timestampMillis()),
            key,
            value,
            settings.headers() ? Arrays.asList(headers.of(record)) : Arrays.asList(NO_HEADERS)));
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    try {
      begin();
      producer.send(record, callback);
    } catch (KafkaException | IllegalStateException e) {
      throw fail(e, "writing to topic " + record.topic());
    }
  }

  private void begin() {
    if (transactional && !inTransaction) {
      producer.beginTransaction();
      inTransaction = true;
    }
  }

  private int partition(byte @Nullable [] key, int partitions) {
    if (key == null) {
      return ThreadLocalRandom.current().nextInt(partitions);
    }
    crc.reset();
    crc.update(key);
    return (int) (crc.getValue() % partitions);
  }

  private void oversized(EncodedRecord record, long size, long limit) {
    String what =
        "A record for topic "
            + record.topic().name()
            + " has "
            + size
            + " bytes, the limit is "
            + limit
            + " (transaction at "
            + Lsn.format(record.commitLsn())
            + ", change "
            + record.sequence()
            + ").";
    if (!settings.deadLetters()) {
      throw new BottledWaterException(ErrorCode.RECORD_REFUSED, what);
    }
    deadLetters++;
    if (Long.bitCount(deadLetters) == 1) {
      log.warn(
          "{}: {} Its key goes to {} ({} so far).",
          ErrorCode.RECORD_REFUSED.id(),
          what,
          settings.deadLetterTopic(),
          deadLetters);
    }
    topics.ensureDeadLetters();
    byte[] key = record.key();
    send(
        new ProducerRecord<>(
            settings.deadLetterTopic(),
            null,
            Math.max(0, record.timestampMillis()),
            key != null && key.length < limit / 2 ? key : null,
            null,
            List.of(
                header("bw.reason", ErrorCode.RECORD_REFUSED.id()),
                header("bw.topic", record.topic().name()),
                header("bw.op", record.operation().letter()),
                header("bw.lsn", Lsn.format(record.commitLsn())),
                header("bw.xid", Long.toString(record.xid())),
                header("bw.seq", Long.toString(record.sequence())),
                header("bw.size", Long.toString(size)))));
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void commit(List<StateEntry> entries) {
    checkFailure();
    try {
      if (!transactional) {
        // Without a transaction the order matters: first the records, then what says so.
        producer.flush();
        checkFailure();
      }
      begin();
      for (StateEntry entry : entries) {
        producer.send(state.record(entry), callback);
      }
      for (StateEntry entry : ownEntries.get()) {
        producer.send(state.record(entry), callback);
      }
      Failpoint.SENT.pass();
      if (transactional) {
        producer.commitTransaction();
        inTransaction = false;
      } else {
        producer.flush();
      }
    } catch (KafkaException | IllegalStateException e) {
      throw fail(e, "committing to Kafka");
    }
    checkFailure();
  }

  @Override
  public long commitWithinMillis() {
    return commitWithinMillis;
  }

  private void checkFailure() {
    Exception failed = failure.get();
    if (failed != null) {
      throw KafkaErrors.translate(failed, "writing to Kafka", settings.bootstrapServers());
    }
  }

  private BottledWaterException fail(RuntimeException e, String doing) {
    // The producer's own thread may know the cause of which this is the consequence.
    failure.compareAndSet(null, e);
    Exception first = failure.get();
    return KafkaErrors.translate(first == null ? e : first, doing, settings.bootstrapServers());
  }

  @Override
  public void close() {
    if (inTransaction && failure.get() == null) {
      try {
        producer.abortTransaction();
      } catch (KafkaException | IllegalStateException e) {
        log.debug("The open transaction could not be aborted; the next start does it.");
      }
    }
    producer.close(Duration.ZERO);
  }
}
