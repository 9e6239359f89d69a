package io.bottledwater.kafka.producer;

import io.bottledwater.bytes.ByteSlice;
import io.bottledwater.record.EncodedRecord;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Writes records straight into the batches that go over the wire. A batch is sent when it is full
 * or when everything is, at a commit: nothing lingers, since nobody sees a record before its
 * commit.
 *
 * <p>Full means {@code batch.size} or the topic's own limit. When {@code buffer.memory} is used up
 * by batches of many partitions all of them are sent, full or not, and the writer waits. It also
 * waits when a partition has more sealed batches than can be on the way.
 *
 * <p>One thread, which also does what is to be done on the network.
 */
public final class DirectProducer implements RecordProducer {
  /** The level of the brokers' feature transaction.version that transactions need. */
  public static final int TRANSACTION_VERSION = 2;

  // Properties that are honoured here or by the network client, or that cannot matter here.
  private static final Set<String> KNOWN =
      Set.of(
          ProducerConfig.ACKS_CONFIG,
          ProducerConfig.BATCH_SIZE_CONFIG,
          ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
          ProducerConfig.BUFFER_MEMORY_CONFIG,
          ProducerConfig.COMPRESSION_TYPE_CONFIG,
          ProducerConfig.COMPRESSION_GZIP_LEVEL_CONFIG,
          ProducerConfig.COMPRESSION_LZ4_LEVEL_CONFIG,
          ProducerConfig.COMPRESSION_ZSTD_LEVEL_CONFIG,
          ProducerConfig.CONNECTIONS_MAX_IDLE_MS_CONFIG,
          ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
          ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
          ProducerConfig.LINGER_MS_CONFIG,
          ProducerConfig.MAX_BLOCK_MS_CONFIG,
          ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
          ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
          ProducerConfig.METADATA_MAX_AGE_CONFIG,
          ProducerConfig.RECEIVE_BUFFER_CONFIG,
          ProducerConfig.RECONNECT_BACKOFF_MS_CONFIG,
          ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
          ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
          ProducerConfig.RETRY_BACKOFF_MS_CONFIG,
          ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG,
          ProducerConfig.SEND_BUFFER_CONFIG,
          ProducerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG,
          ProducerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG,
          ProducerConfig.TRANSACTION_TIMEOUT_CONFIG);

  private static final List<String> KNOWN_PREFIXES =
      List.of("ssl.", "sasl.", "security.", "client.", "metadata.recovery.");

  private static final byte[] NO_HEADERS = {0};

  // Of sealed batches in a partition: those on the way, and as many to follow them.
  private static final int QUEUE_FACTOR = 2;

  private final BrokerConnections brokers;
  private final ProducerIdentity identity = new ProducerIdentity();
  private final TransactionCoordinator coordinator;
  private final BatchSender sender;
  private final BatchMemory memory;
  private final BatchCompressor compressor;
  private final boolean transactional;
  private final boolean withHeaders;
  private final KeyHash hash;
  private final int batchBytes;
  private final int maxPending;
  private final RowHeaders rowHeaders = new RowHeaders();
  private final Map<TargetTopic, TopicBatches> topics = new HashMap<>();
  private final Set<PartitionBatches> open = new LinkedHashSet<>();
  private @Nullable TopicBatches last;
  private boolean inTransaction;

  /**
   * Says which of a user's properties is not honoured here.
   *
   * @return null when all are
   */
  public static @Nullable String unknown(Collection<String> properties) {
    for (String name : properties) {
      if (!KNOWN.contains(name) && KNOWN_PREFIXES.stream().noneMatch(name::startsWith)) {
        return name + " is set";
      }
    }
    return null;
  }

  /**
   * Opens a producer; with a {@code transactional.id}, its older instances are fenced.
   *
   * @param properties of the stock producer
   * @param withHeaders whether rows get headers
   */
  public static DirectProducer open(
      Map<String, Object> properties, boolean withHeaders, KeyHash hash) {
    DirectProducer producer = new DirectProducer(new ProducerConfig(properties), withHeaders, hash);
    try {
      producer.coordinator.open();
      return producer;
    } catch (RuntimeException e) {
      producer.close();
      throw e;
    }
  }

  private DirectProducer(ProducerConfig config, boolean withHeaders, KeyHash hash) {
    this.withHeaders = withHeaders;
    this.hash = hash;
    String transactionalId = config.getString(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
    transactional = transactionalId != null;
    batchBytes =
        Math.max(RecordBatch.HEADER_BYTES, config.getInt(ProducerConfig.BATCH_SIZE_CONFIG));
    maxPending = QUEUE_FACTOR * config.getInt(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION);
    compressor = BatchCompressor.of(config);
    memory = new BatchMemory(batchBytes, config.getLong(ProducerConfig.BUFFER_MEMORY_CONFIG));
    brokers = new BrokerConnections(config);
    coordinator =
        new TransactionCoordinator(
            brokers,
            identity,
            transactionalId,
            config.getInt(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
            config.getLong(ProducerConfig.MAX_BLOCK_MS_CONFIG));
    sender =
        new BatchSender(
            brokers,
            memory,
            transactionalId,
            config.getInt(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
            config.getInt(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG));
  }

  @Override
  public void expect(Collection<String> names) {
    names.forEach(brokers::add);
  }

  @Override
  public void send(TargetTopic topic, EncodedRecord record) {
    byte[] headers = NO_HEADERS;
    int headersLength = NO_HEADERS.length;
    if (withHeaders) {
      rowHeaders.set(record);
      headers = rowHeaders.bytes();
      headersLength = rowHeaders.length();
    }
    byte[] key = record.key();
    ByteSlice value = record.value();
    PartitionBatches partition = partition(topic, key, value == null ? 0 : value.length());
    append(partition, Math.max(0, record.timestampMillis()), key, value, headers, headersLength);
  }

  @Override
  public void send(
      TargetTopic topic,
      long timestampMillis,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<Header> headers) {
    byte[] encoded = RowHeaders.encode(headers);
    PartitionBatches partition = partition(topic, key, value == null ? 0 : value.length);
    ByteSlice slice = value == null ? null : ByteSlice.of(value);
    append(partition, timestampMillis, key, slice, encoded, encoded.length);
  }

  private PartitionBatches partition(TargetTopic topic, byte @Nullable [] key, int valueLength) {
    TopicBatches batches = last;
    if (batches == null || batches.topic != topic) {
      batches = topics.get(topic);
      if (batches == null) {
        batches = new TopicBatches(topic, Math.min(batchBytes, topic.maxMessageBytes()));
        topics.put(topic, batches);
        brokers.add(topic.name());
      }
      last = batches;
    }
    return batches.of(key, valueLength, hash);
  }

  private void append(
      PartitionBatches partition,
      long timestampMillis,
      byte @Nullable [] key,
      @Nullable ByteSlice value,
      byte[] headers,
      int headersLength) {
    int bound = RecordBatch.bound(key, value, headersLength);
    RecordBatch batch = partition.open();
    if (batch != null && batch.size() + bound > partition.maxBatchBytes()) {
      seal(partition);
      sender.run(false);
      while (partition.pending() > maxPending) {
        sender.run(true);
      }
      batch = null;
    }
    if (batch == null || batch.size() + bound > batch.capacity()) {
      batch = withRoom(partition, bound);
    }
    batch.append(timestampMillis, key, value, headers, headersLength);
  }

  private RecordBatch withRoom(PartitionBatches partition, int bound) {
    RecordBatch batch = partition.open();
    if (batch != null) {
      int larger = memory.sizeFor(batch.size() + bound, batch.capacity() * 2);
      awaitRoom(larger);
      if (partition.open() == batch) {
        byte[] old = batch.moveTo(memory.take(larger));
        memory.giveBack(old);
        return batch;
      }
    }
    int size = memory.sizeFor(RecordBatch.HEADER_BYTES + bound, partition.typicalBytes());
    awaitRoom(size);
    batch = new RecordBatch(memory.take(size));
    partition.open(batch);
    open.add(partition);
    return batch;
  }

  private void awaitRoom(int bytes) {
    if (!memory.hasRoom(bytes)) {
      sealAll();
      while (!memory.hasRoom(bytes)) {
        sender.run(true);
      }
    }
  }

  private void seal(PartitionBatches partition) {
    open.remove(partition);
    closeBatch(partition);
  }

  private void sealAll() {
    open.forEach(this::closeBatch);
    open.clear();
  }

  private void closeBatch(PartitionBatches partition) {
    RecordBatch batch = partition.close();
    if (batch == null) {
      return;
    }
    if (transactional && !inTransaction) {
      coordinator.settle();
    }
    batch.seal(
        compressor.compress(batch),
        transactional,
        identity.id(),
        identity.epoch(),
        partition.takeSequence(identity, batch.count()));
    partition.add(batch);
    sender.add(partition);
    inTransaction = transactional;
  }

  @Override
  public void flush() {
    sealAll();
    while (!sender.isIdle()) {
      sender.run(true);
    }
  }

  @Override
  public void commit() {
    flush();
    if (inTransaction) {
      coordinator.end(true);
      inTransaction = false;
    }
  }

  @Override
  public void abort() {
    if (inTransaction) {
      coordinator.end(false);
      inTransaction = false;
    }
  }

  @Override
  public void progress() {
    sender.run(false);
  }

  @Override
  public void close() {
    brokers.close();
  }

  /** The partitions of a topic. */
  private static final class TopicBatches {
    final TargetTopic topic;
    private final PartitionBatches[] partitions;
    private int keyless;
    private int keylessBytes;

    TopicBatches(TargetTopic topic, int maxBatchBytes) {
      this.topic = topic;
      partitions = new PartitionBatches[topic.partitions()];
      for (int i = 0; i < partitions.length; i++) {
        partitions[i] = new PartitionBatches(new TopicPartition(topic.name(), i), maxBatchBytes);
      }
    }

    PartitionBatches of(byte @Nullable [] key, int valueLength, KeyHash hash) {
      if (partitions.length == 1) {
        return partitions[0];
      }
      if (key != null) {
        return partitions[hash.partition(key, partitions.length)];
      }
      if (hash == KeyHash.CRC_32) {
        return partitions[ThreadLocalRandom.current().nextInt(partitions.length)];
      }
      // As Kafka's own producer: they fill a batch in one partition, then in another.
      keylessBytes -= valueLength + 1;
      if (keylessBytes < 0) {
        keylessBytes = partitions[0].maxBatchBytes();
        keyless = ThreadLocalRandom.current().nextInt(partitions.length);
      }
      return partitions[keyless];
    }
  }
}
