package io.bottledwater.registry.server;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the topic on a thread of its own and applies what is committed to the state. */
final class SchemaLogReader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SchemaLogReader.class);
  private static final long PAUSE_MILLIS = 500;

  private final TopicPartition partition;
  private final Map<String, Object> config;
  private final LogCodec codec;
  private final RegistryState state;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();

  /** Where reading goes on; -1 until the topic has answered once. */
  private long position = -1;

  private volatile int resets;
  private volatile boolean healthy;
  private volatile boolean closed;
  private volatile @Nullable Consumer<byte[], byte[]> consumer;

  SchemaLogReader(
      TopicPartition partition,
      Map<String, Object> clientConfig,
      LogCodec codec,
      RegistryState state) {
    this.partition = partition;
    this.codec = codec;
    this.state = state;
    this.config = new HashMap<>(clientConfig);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 250);
    this.thread = new Thread(this::run, "schema-log-reader");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Waits until everything before this offset has been applied. */
  void awaitPosition(long offset, long deadlineNanos)
      throws InterruptedException, TimeoutException {
    lock.lockInterruptibly();
    try {
      while (position < offset) {
        long left = deadlineNanos - System.nanoTime();
        if (left <= 0 || closed) {
          throw new TimeoutException();
        }
        moved.awaitNanos(Math.min(left, TimeUnit.SECONDS.toNanos(1)));
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many times the topic was read from its beginning because it had become shorter. */
  int resets() {
    return resets;
  }

  /** Everything before this offset has been applied; -1 at first. */
  long position() {
    lock.lock();
    try {
      return position;
    } finally {
      lock.unlock();
    }
  }

  boolean healthy() {
    return healthy;
  }

  private void run() {
    while (!closed) {
      try (Consumer<byte[], byte[]> opened =
          new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
        consumer = opened;
        opened.assign(List.of(partition));
        follow(opened);
      } catch (WakeupException e) {
        // close() sets the flag first.
      } catch (OffsetOutOfRangeException e) {
        log.error("{} is shorter than it was; reading it from its beginning.", partition);
        state.clear();
        moveTo(-1);
        resets++;
      } catch (KafkaException e) {
        healthy = false;
        log.warn("Reading {} failed ({}); trying again.", partition, e.getClass().getSimpleName());
        sleep();
      }
    }
  }

  private void follow(Consumer<byte[], byte[]> opened) {
    if (position <= 0) {
      opened.seekToBeginning(List.of(partition));
    } else {
      opened.seek(partition, position);
    }
    while (!closed) {
      for (ConsumerRecord<byte[], byte[]> record : opened.poll(Duration.ofMillis(250))) {
        apply(record);
      }
      // Behind a transaction the position lies after its marker, which is no record.
      healthy = true;
      moveTo(opened.position(partition));
    }
  }

  private void apply(ConsumerRecord<byte[], byte[]> record) {
    try {
      LogEntry entry = codec.decode(record.key(), record.value());
      if (entry != null) {
        state.apply(entry);
      }
    } catch (IOException e) {
      log.warn(
          "Record at offset {} of {} is not a registry's; left out.", record.offset(), partition);
    }
  }

  private void moveTo(long offset) {
    lock.lock();
    try {
      position = offset;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void sleep() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  @Override
  public void close() {
    closed = true;
    Consumer<byte[], byte[]> open = consumer;
    if (open != null) {
      open.wakeup();
    }
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
