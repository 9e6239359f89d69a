package io.bottledwater.registry.server;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.ConcurrentTransactionsException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes decisions to the topic, one at a time over all registries that share it.
 *
 * <p>All of them write with the same transactional id. A registry that wants to write and is not
 * the writer calls {@code initTransactions}: Kafka then settles whatever the earlier writer had
 * open and refuses all that it sends from there on. The new writer reads the topic to its end,
 * decides on that state, and commits. Between its {@code initTransactions} and its commit nobody
 * else can have committed, for that would have taken an {@code initTransactions} of theirs, and
 * that makes this commit fail. So a decision that is committed was made on the whole of what came
 * before it, and no lock service is needed. After any failure the outcome is unknown: the producer
 * is closed, and the decision is made again on what the topic then says.
 *
 * <p>A transaction takes milliseconds, a decision hardly any time, and thousands of tables have
 * thousands of schemas: so one transaction takes whatever decisions have come up during the one
 * before.
 *
 * <p>Readers of the topic have to read committed records only.
 */
final class SchemaLog implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SchemaLog.class);

  private static final long START_MILLIS = 30_000;
  private static final long TOPIC_PAUSE_MILLIS = 50;
  private static final long FIRST_PAUSE_MILLIS = 20;
  private static final long LONGEST_PAUSE_MILLIS = 1_000;
  private static final int LARGEST_GROUP = 32;

  private final String topic;
  private final TopicPartition partition;
  private final Map<String, Object> clientConfig;
  private final long commitMillis;
  private final Admin admin;
  private final SchemaLogReader reader;

  /** Guards the writer: one group at a time. Fair, so that nobody starves. */
  private final ReentrantLock writing = new ReentrantLock(true);

  private final BlockingDeque<PendingDecision<?>> waiting = new LinkedBlockingDeque<>();
  private final SchemaLogWriter writer;
  private volatile boolean closed;

  /**
   * Creates the topic where it is missing and reads it to its end.
   *
   * @throws BottledWaterException {@code BW-KAFKA-UNREACHABLE}, or {@code BW-KAFKA-CONFIG} when the
   *     topic is not fit to keep schemas
   */
  static SchemaLog open(SchemaRegistryServer.Settings settings, RegistryState state) {
    SchemaLog schemaLog = new SchemaLog(settings, state);
    try {
      schemaLog.prepareTopic(settings);
      schemaLog.reader.start();
      schemaLog.catchUp(deadline(START_MILLIS));
      return schemaLog;
    } catch (ExecutionException | TimeoutException e) {
      schemaLog.close();
      throw new BottledWaterException(
          ErrorCode.KAFKA_UNREACHABLE,
          "The schema registry could not read its topic "
              + settings.topic()
              + " from "
              + settings.bootstrapServers()
              + ".",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      schemaLog.close();
      throw new BottledWaterException(
          ErrorCode.KAFKA_UNREACHABLE, "Interrupted while starting the schema registry.", e);
    } catch (RuntimeException e) {
      schemaLog.close();
      throw e;
    }
  }

  private SchemaLog(SchemaRegistryServer.Settings settings, RegistryState state) {
    this.topic = settings.topic();
    this.partition = new TopicPartition(topic, 0);
    this.commitMillis = settings.commitLimit().toMillis();
    this.clientConfig = new HashMap<>(settings.kafkaConfig());
    clientConfig.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    Map<String, Object> adminConfig = new HashMap<>(clientConfig);
    adminConfig.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    adminConfig.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 15_000);
    try {
      this.admin = Admin.create(adminConfig);
    } catch (KafkaException e) {
      throw new BottledWaterException(
          ErrorCode.KAFKA_CONFIG, "Kafka rejected the schema registry's client properties.", e);
    }
    LogCodec codec = new LogCodec();
    this.reader = new SchemaLogReader(partition, clientConfig, codec, state);
    this.writer = new SchemaLogWriter(topic, clientConfig, codec, state, reader, this::catchUp);
  }

  /** What a decision comes to: an answer, and the entries to be written before it is given. */
  record Outcome<T>(T answer, List<LogEntry> entries) {}

  /** Decides on a state that no other registry changes before the entries are committed. */
  interface Decision<T> {
    /**
     * @throws RegistryError when the request is refused; nothing is written
     */
    Outcome<T> decide(RegistryState state);
  }

  /**
   * Decides, writes, reads back, answers. A decision may be made several times. Decisions that come
   * while others are being written are written together, each on what those before it have decided.
   *
   * @throws RegistryError the decision's own, 50001 when Kafka does not take the entries, 50002
   *     when the time is over
   */
  <T> T commit(Decision<T> decision) {
    PendingDecision<T> pending = new PendingDecision<>(decision, deadline(commitMillis));
    waiting.add(pending);
    try {
      if (!writing.tryLock(commitMillis, TimeUnit.MILLISECONDS)) {
        throw RegistryError.timedOut();
      }
      try {
        while (!pending.isDecided()) {
          decideWaiting(pending);
        }
      } catch (InterruptedException | RuntimeException e) {
        // One after it in the group may have failed.
        if (!pending.isDecided()) {
          throw e;
        }
      } finally {
        writing.unlock();
      }
      reader.awaitPosition(pending.offset(), pending.deadline());
      return pending.answer();
    } catch (TimeoutException e) {
      throw RegistryError.timedOut();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw RegistryError.timedOut();
    } finally {
      pending.abandon();
      waiting.remove(pending);
    }
  }

  /** Those that have waited longest, in one transaction; its time is that of the one who calls. */
  private void decideWaiting(PendingDecision<?> caller) throws InterruptedException {
    List<PendingDecision<?>> group = new ArrayList<>();
    while (group.size() < LARGEST_GROUP) {
      PendingDecision<?> next = waiting.poll();
      if (next == null) {
        break;
      }
      if (!next.isAbandoned()) {
        group.add(next);
      }
    }
    if (group.isEmpty()) {
      throw RegistryError.storeFailed();
    }
    boolean done = false;
    try {
      commit(group, caller.deadline());
      done = true;
    } finally {
      if (!done) {
        writer.drop();
        putBack(group, caller);
      }
    }
  }

  // Theirs may be a longer time, or a better luck.
  private void putBack(List<PendingDecision<?>> group, PendingDecision<?> caller) {
    for (int i = group.size() - 1; i >= 0; i--) {
      PendingDecision<?> other = group.get(i);
      if (other != caller && !other.isDecided() && !other.isAbandoned()) {
        waiting.addFirst(other);
      }
    }
  }

  private void commit(List<PendingDecision<?>> group, long deadline) throws InterruptedException {
    for (int attempt = 0; !closed; attempt++) {
      try {
        writer.commit(group.stream().filter(one -> !one.isAbandoned()).toList(), deadline);
        return;
      } catch (KafkaException | ExecutionException | TimeoutException e) {
        // Whether it was written or not shows when the topic is read again.
        writer.drop();
        if (rootOf(e) instanceof RecordTooLargeException) {
          if (group.size() > 1) {
            // To find out which of them it is.
            for (PendingDecision<?> one : group) {
              commit(List.of(one), deadline);
            }
            return;
          }
          group.get(0).refuse(tooLarge());
          return;
        }
        if (isFencing(e)) {
          log.debug("Another schema registry wrote to {}; deciding again.", topic);
        } else {
          log.warn(
              "Writing to {} failed ({}); trying again.",
              topic,
              rootOf(e).getClass().getSimpleName());
        }
        pause(attempt, deadline);
      }
    }
    throw RegistryError.storeFailed();
  }

  private RegistryError tooLarge() {
    return RegistryError.invalidSchema("it is larger than max.message.bytes of the topic " + topic);
  }

  /** Waits until the state holds all that is committed now; returns where that ends. */
  private long catchUp(long deadline)
      throws ExecutionException, InterruptedException, TimeoutException {
    long end = endOffset(deadline);
    reader.awaitPosition(end, deadline);
    return end;
  }

  private long endOffset(long deadline)
      throws ExecutionException, InterruptedException, TimeoutException {
    return onceKnown(
            deadline,
            () ->
                admin
                    .listOffsets(
                        Map.of(partition, OffsetSpec.latest()),
                        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                    .partitionResult(partition))
        .offset();
  }

  /** Brokers learn of a new topic later than its creator is told. */
  private static <T> T onceKnown(long deadline, Supplier<KafkaFuture<T>> question)
      throws ExecutionException, InterruptedException, TimeoutException {
    while (true) {
      try {
        return question.get().get(millisLeft(deadline), TimeUnit.MILLISECONDS);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
            || millisLeft(deadline) == 0) {
          throw e;
        }
        Thread.sleep(TOPIC_PAUSE_MILLIS);
      }
    }
  }

  private static void pause(int attempt, long deadline) throws InterruptedException {
    long longest = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(attempt, 10));
    // Two registries that fence each other in step would go on doing so.
    long millis = ThreadLocalRandom.current().nextLong(longest + 1);
    if (millis >= millisLeft(deadline)) {
      throw RegistryError.storeFailed();
    }
    Thread.sleep(millis);
  }

  private static boolean isFencing(Throwable failure) {
    Throwable root = rootOf(failure);
    return root instanceof ProducerFencedException
        || root instanceof InvalidProducerEpochException
        || root instanceof ConcurrentTransactionsException;
  }

  private static Throwable rootOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private void prepareTopic(SchemaRegistryServer.Settings settings)
      throws ExecutionException, InterruptedException, TimeoutException {
    NewTopic created =
        new NewTopic(topic, Optional.of(1), settings.replicationFactor())
            .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
    try {
      admin.createTopics(List.of(created)).all().get(START_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
      checkTopic();
    }
  }

  private void checkTopic() throws ExecutionException, InterruptedException, TimeoutException {
    long deadline = deadline(START_MILLIS);
    TopicDescription description =
        onceKnown(deadline, () -> admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
    if (description == null || description.partitions().size() != 1) {
      throw unfit("does not have exactly one partition, so its records have no order");
    }
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    Config config =
        onceKnown(deadline, () -> admin.describeConfigs(List.of(resource)).all()).get(resource);
    String policy =
        config == null ? "unknown" : config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
    if (!TopicConfig.CLEANUP_POLICY_COMPACT.equals(policy)) {
      throw unfit("has cleanup.policy=" + policy + ", so schemas would be lost");
    }
  }

  private BottledWaterException unfit(String why) {
    return new BottledWaterException(
        ErrorCode.KAFKA_CONFIG,
        "The schema registry's topic " + topic + " " + why + ".",
        "Use a topic with one partition and cleanup.policy=compact, or another name.",
        null);
  }

  private static long deadline(long millis) {
    return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  static long millisLeft(long deadline) {
    return Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
  }

  /** True while the topic is being read without failures. */
  boolean healthy() {
    return !closed && reader.healthy();
  }

  /** Call once no more decisions come; one that is under way fails. */
  @Override
  public void close() {
    closed = true;
    reader.close();
    writing.lock();
    try {
      writer.drop();
    } finally {
      writing.unlock();
    }
    admin.close(Duration.ofSeconds(5));
  }
}
