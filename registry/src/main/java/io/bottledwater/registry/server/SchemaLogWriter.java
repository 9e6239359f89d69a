package io.bottledwater.registry.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one producer that may write to the topic, while it is this registry's, and what the topic
 * will add up to when all that it has written is read. Guarded by the log's lock.
 */
final class SchemaLogWriter {
  private static final Logger log = LoggerFactory.getLogger(SchemaLogWriter.class);

  /** More than a request of 1 MB can become, quotes escaped and all. */
  private static final int MAX_RECORD_BYTES = 4 << 20;

  private final String topic;
  private final Map<String, Object> clientConfig;
  private final LogCodec codec;
  private final RegistryState state;
  private final SchemaLogReader reader;
  private final CatchUp catchUp;

  private @Nullable Producer<byte[], byte[]> producer;

  /** Ahead of the state by what has not been read back yet; nobody else writes meanwhile. */
  private RegistryState ahead = new RegistryState();

  private int resets;
  private long written;

  /** Waits until the state holds all that is committed now. */
  interface CatchUp {
    /** Returns where that ends. */
    long await(long deadline) throws ExecutionException, InterruptedException, TimeoutException;
  }

  SchemaLogWriter(
      String topic,
      Map<String, Object> clientConfig,
      LogCodec codec,
      RegistryState state,
      SchemaLogReader reader,
      CatchUp catchUp) {
    this.topic = topic;
    this.clientConfig = clientConfig;
    this.codec = codec;
    this.state = state;
    this.reader = reader;
    this.catchUp = catchUp;
  }

  /**
   * Makes decisions, one on top of the other, and commits them together. After a failure nobody
   * knows what was written: then {@link #drop}.
   */
  void commit(List<PendingDecision<?>> group, long deadline)
      throws ExecutionException, InterruptedException, TimeoutException {
    if (resets != reader.resets() || reader.position() > written + 1) {
      // The topic is another one, so what was written last may not be in it. Or there is more in it
      // than that and its marker: another registry has written, which this producer would learn
      // only when it had something to write itself.
      drop();
    }
    Producer<byte[], byte[]> writer = producer;
    if (writer == null) {
      writer = takeOver(deadline);
    }
    List<LogEntry> entries = new ArrayList<>();
    for (PendingDecision<?> pending : group) {
      pending.decide(ahead, entries);
    }
    if (!entries.isEmpty()) {
      written = write(writer, entries);
    }
    for (PendingDecision<?> pending : group) {
      pending.committed(written);
    }
  }

  private Producer<byte[], byte[]> takeOver(long deadline)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<String, Object> config = new HashMap<>(clientConfig);
    config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "bottledwater-schema-registry." + topic);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
    config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 15_000);
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_RECORD_BYTES);
    Producer<byte[], byte[]> writer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    producer = writer;
    writer.initTransactions();
    resets = reader.resets();
    written = catchUp.await(deadline);
    ahead = state.copy();
    return writer;
  }

  /** The offset behind the last entry. */
  private long write(Producer<byte[], byte[]> writer, List<LogEntry> entries)
      throws ExecutionException, InterruptedException, TimeoutException {
    writer.beginTransaction();
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (LogEntry entry : entries) {
      LogCodec.Encoded record = codec.encode(entry);
      sent.add(writer.send(new ProducerRecord<>(topic, 0, record.key(), record.value())));
    }
    writer.commitTransaction();
    long last = 0;
    for (Future<RecordMetadata> future : sent) {
      last = future.get(1, TimeUnit.SECONDS).offset();
    }
    return last + 1;
  }

  /** The next commit begins with what the topic then says. */
  void drop() {
    Producer<byte[], byte[]> dropped = producer;
    producer = null;
    if (dropped != null) {
      try {
        dropped.close(Duration.ZERO);
      } catch (KafkaException e) {
        log.debug("Closing a failed producer failed too.", e);
      }
    }
  }
}
