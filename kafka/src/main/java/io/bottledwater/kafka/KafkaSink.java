package io.bottledwater.kafka;

import io.bottledwater.config.Delivery;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.kafka.producer.DirectProducer;
import io.bottledwater.kafka.producer.KeyHash;
import io.bottledwater.kafka.producer.RecordProducer;
import io.bottledwater.kafka.producer.StockProducer;
import io.bottledwater.record.Topic;
import io.bottledwater.sink.Sink;
import io.bottledwater.sink.SinkWriter;
import io.bottledwater.sink.StateEntry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to Kafka. With exactly-once delivery the stream's producer has the transactional id {@code
 * bottledwater.[prefix.]pump} and each snapshot reader's one of its own after it; opening them
 * fences an older instance of the same pump.
 */
public final class KafkaSink implements Sink {
  private static final Logger log = LoggerFactory.getLogger(KafkaSink.class);

  private final KafkaSinkSettings settings;
  private final Admin admin;
  private final Topics topics;
  private final StateTopic state;
  private final TopicMarks marks;
  private volatile @Nullable Boolean direct;
  private @Nullable RecordProducer streamProducer;

  private KafkaSink(KafkaSinkSettings settings, Admin admin) {
    this.settings = settings;
    this.admin = admin;
    this.marks = new TopicMarks(admin, settings);
    this.topics = new Topics(admin, settings, marks);
    this.state = new StateTopic(admin, settings);
  }

  /**
   * @throws BottledWaterException {@code BW-KAFKA-UNREACHABLE} when no broker answers
   */
  public static KafkaSink open(KafkaSinkSettings settings) {
    Admin admin;
    try {
      admin = Admin.create(ClientProperties.admin(settings));
    } catch (KafkaException e) {
      throw KafkaErrors.translate(e, "connecting to Kafka", settings.bootstrapServers());
    }
    KafkaSink sink = new KafkaSink(settings, admin);
    try {
      admin.describeCluster().nodes().get();
      return sink;
    } catch (ExecutionException e) {
      sink.close();
      throw KafkaErrors.translate(e, "connecting to Kafka", settings.bootstrapServers());
    } catch (InterruptedException e) {
      sink.close();
      throw interrupted(e);
    }
  }

  @Override
  public Map<String, StateEntry> recover() {
    topics.ensureState();
    streamProducer = producer(settings.transactionalId());
    fenceSnapshotProducers();
    Map<String, StateEntry> recovered = state.read();
    if (!settings.acceptTopicChanges()) {
      marks.verify(recovered);
    }
    marks.start();
    return recovered;
  }

  // Readers of an older instance may have left transactions open, which would hide everything
  // behind
  // them, or may wake up yet and commit a chunk that is read again: all of them are shut out.
  private void fenceSnapshotProducers() {
    if (settings.delivery() != Delivery.EXACTLY_ONCE) {
      return;
    }
    String prefix = snapshotId("");
    try {
      List<String> readers =
          admin.listTransactions().all().get().stream()
              .map(TransactionListing::transactionalId)
              .filter(id -> id.startsWith(prefix))
              .toList();
      if (!readers.isEmpty()) {
        admin.fenceProducers(readers).all().get();
      }
    } catch (ExecutionException e) {
      throw KafkaErrors.translate(
          e, "shutting out readers of an older instance", settings.bootstrapServers());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  @Override
  public void ensureTopics(Collection<Topic> wanted) {
    topics.ensure(wanted);
  }

  @Override
  public SinkWriter streamWriter() {
    RecordProducer producer = streamProducer;
    if (producer == null) {
      throw new IllegalStateException("recover() comes first");
    }
    streamProducer = null;
    return writer(producer, marks::take);
  }

  @Override
  public SinkWriter snapshotWriter(int index) {
    RecordProducer producer = producer(snapshotId(Integer.toString(index)));
    producer.expect(topics.names());
    return writer(producer, List::of);
  }

  private String snapshotId(String index) {
    return settings.transactionalId() + ".snapshot-" + index;
  }

  private SinkWriter writer(RecordProducer producer, Supplier<List<StateEntry>> ownEntries) {
    boolean transactional = settings.delivery() == Delivery.EXACTLY_ONCE;
    Map<String, Object> properties =
        ClientProperties.producer(settings, transactional ? settings.transactionalId() : null);
    // Half of the time is left for the commit itself and for a broker that is slow to answer.
    long commitWithinMillis =
        transactional
            ? number(properties, ProducerConfig.TRANSACTION_TIMEOUT_CONFIG) / 2
            : Long.MAX_VALUE;
    return new KafkaWriter(
        producer,
        settings,
        topics,
        state,
        ownEntries,
        transactional,
        (int) number(properties, ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        commitWithinMillis);
  }

  private static long number(Map<String, Object> properties, String name) {
    return Long.parseLong(String.valueOf(properties.get(name)));
  }

  private RecordProducer producer(String transactionalId) {
    boolean transactional = settings.delivery() == Delivery.EXACTLY_ONCE;
    Map<String, Object> properties =
        ClientProperties.producer(settings, transactional ? transactionalId : null);
    KeyHash hash = settings.crc32() ? KeyHash.CRC_32 : KeyHash.MURMUR2;
    try {
      return isDirect()
          ? DirectProducer.open(properties, settings.headers(), hash)
          : StockProducer.open(properties, settings.headers(), hash);
    } catch (KafkaException e) {
      throw KafkaErrors.translate(
          e,
          transactional ? "opening transactional id " + transactionalId : "making a producer",
          settings.bootstrapServers());
    }
  }

  private boolean isDirect() {
    Boolean known = direct;
    if (known == null) {
      String reason = DirectProducer.unknown(settings.clientProperties().keySet());
      if (reason == null
          && settings.delivery() == Delivery.EXACTLY_ONCE
          && transactionVersion() < DirectProducer.TRANSACTION_VERSION) {
        reason = "the brokers' transaction.version is below 2";
      }
      if (reason != null) {
        log.info("Kafka's own producer is used: {}.", reason);
      }
      known = reason == null;
      direct = known;
    }
    return known;
  }

  // 0 for brokers that do not know of features.
  private int transactionVersion() {
    try {
      FinalizedVersionRange version =
          admin
              .describeFeatures()
              .featureMetadata()
              .get()
              .finalizedFeatures()
              .get("transaction.version");
      return version == null ? 0 : version.maxVersionLevel();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnsupportedVersionException) {
        return 0;
      }
      throw KafkaErrors.translate(e, "asking for features", settings.bootstrapServers());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static BottledWaterException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new BottledWaterException(
        ErrorCode.KAFKA_UNREACHABLE, "Interrupted while waiting for Kafka.", e);
  }

  @Override
  public void close() {
    RecordProducer producer = streamProducer;
    if (producer != null) {
      producer.close();
    }
    marks.close();
    admin.close(Duration.ofSeconds(1));
  }
}
