package io.bottledwater.kafka;

import io.bottledwater.bytes.ByteSlice;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.failpoint.Failpoint;
import io.bottledwater.kafka.producer.RecordProducer;
import io.bottledwater.kafka.producer.RowHeaders;
import io.bottledwater.kafka.producer.TargetTopic;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.record.EncodedRecord;
import io.bottledwater.record.Topic;
import io.bottledwater.sink.SinkWriter;
import io.bottledwater.sink.StateEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
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
 * <p>One thread.
 */
final class KafkaWriter implements SinkWriter {
  private static final Logger log = LoggerFactory.getLogger(KafkaWriter.class);

  // What a record costs beside key, value and headers: lengths, deltas, the batch's own header.
  private static final int RECORD_OVERHEAD_BYTES = 128;
  private static final int HEADERS_BYTES = 128;

  private final RecordProducer producer;
  private final KafkaSinkSettings settings;
  private final Topics topics;
  private final StateTopic state;
  private final Supplier<List<StateEntry>> ownEntries;
  private final boolean transactional;
  private final int maxRequestSize;
  private final long commitWithinMillis;
  private @Nullable Topic lastTopic;
  private @Nullable TargetTopic lastTarget;
  private @Nullable BottledWaterException failure;
  private long deadLetters;

  KafkaWriter(
      RecordProducer producer,
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
  }

  @Override
  public void accept(EncodedRecord record) {
    checkFailure();
    TargetTopic target = target(record.topic());
    byte[] key = record.key();
    ByteSlice value = record.value();
    long size =
        (key == null ? 0L : key.length)
            + (value == null ? 0L : value.length())
            + RECORD_OVERHEAD_BYTES
            + HEADERS_BYTES;
    if (record.hasHeaders()) {
      for (io.bottledwater.record.RecordHeader own : record.headers()) {
        size += own.name().length() + own.value().length;
      }
    }
    int limit = Math.min(maxRequestSize, target.maxMessageBytes());
    if (size > limit) {
      oversized(record, size, limit);
      return;
    }
    try {
      if (record.hasHeaders()) {
        producer.send(
            target,
            Math.max(0, record.timestampMillis()),
            key,
            value == null ? null : value.toByteArray(),
            allHeaders(record));
      } else {
        producer.send(target, record);
      }
    } catch (KafkaException | IllegalStateException e) {
      throw fail(e, "writing to topic " + target.name());
    }
  }

  private List<Header> allHeaders(EncodedRecord record) {
    List<Header> all = new ArrayList<>(settings.headers() ? RowHeaders.asList(record) : List.of());
    record.headers().forEach(own -> all.add(new RecordHeader(own.name(), own.value())));
    return all;
  }

  private TargetTopic target(Topic topic) {
    TargetTopic target = lastTarget;
    if (target == null || topic != lastTopic) {
      target = topics.of(topic.name());
      lastTopic = topic;
      lastTarget = target;
    }
    return target;
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
    TargetTopic deadLetterTopic = topics.of(settings.deadLetterTopic());
    // The topic may be somebody's own, with another limit.
    int keyLimit = Math.min(maxRequestSize, deadLetterTopic.maxMessageBytes()) / 2;
    byte[] key = record.key();
    try {
      producer.send(
          deadLetterTopic,
          Math.max(0, record.timestampMillis()),
          key != null && key.length < keyLimit ? key : null,
          null,
          List.of(
              header("bw.reason", ErrorCode.RECORD_REFUSED.id()),
              header("bw.topic", record.topic().name()),
              header("bw.op", record.operation().letter()),
              header("bw.lsn", Lsn.format(record.commitLsn())),
              header("bw.xid", Long.toString(record.xid())),
              header("bw.seq", Long.toString(record.sequence())),
              header("bw.size", Long.toString(size))));
    } catch (KafkaException | IllegalStateException e) {
      throw fail(e, "writing to topic " + settings.deadLetterTopic());
    }
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
        Failpoint.SENT.pass();
      }
      send(entries);
      send(ownEntries.get());
      if (transactional) {
        producer.flush();
        Failpoint.SENT.pass();
      }
      producer.commit();
    } catch (KafkaException | IllegalStateException e) {
      throw fail(e, "committing to Kafka");
    }
  }

  private void send(List<StateEntry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    TargetTopic target = topics.of(settings.stateTopic());
    long now = System.currentTimeMillis();
    for (StateEntry entry : entries) {
      producer.send(target, now, state.keyOf(entry), state.valueOf(entry), List.of());
    }
  }

  @Override
  public void progress() {
    checkFailure();
    try {
      producer.progress();
    } catch (KafkaException | IllegalStateException e) {
      throw fail(e, "writing to Kafka");
    }
  }

  @Override
  public long commitWithinMillis() {
    return commitWithinMillis;
  }

  @Override
  public boolean isFenced() {
    return transactional;
  }

  private void checkFailure() {
    BottledWaterException failed = failure;
    if (failed != null) {
      throw failed;
    }
  }

  private BottledWaterException fail(RuntimeException e, String doing) {
    BottledWaterException translated = KafkaErrors.translate(e, doing, settings.bootstrapServers());
    failure = translated;
    return translated;
  }

  @Override
  public void close() {
    if (failure == null) {
      try {
        producer.abort();
      } catch (KafkaException | IllegalStateException e) {
        log.debug("The open transaction could not be aborted; the next start does it.");
      }
    }
    producer.close();
  }
}
