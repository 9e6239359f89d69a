package io.bottledwater.e2e.campaign;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * O7: asks the slot how far it is confirmed, and then the state topic how far the pump is. The
 * second question comes later and its answer only grows, so a slot that is ahead is ahead indeed:
 * unless a commit that Kafka has decided on, and told the pump of, is not yet visible. So what has
 * been written by then is waited for.
 */
final class SlotSampler implements AutoCloseable {
  private static final Duration CALL_LIMIT = Duration.ofSeconds(10);
  private static final long PAUSE_MILLIS = 100;

  private final TestKafka kafka;
  private final TestDatabase database;
  private final String slot;
  private final TopicPartition partition;
  private final Violations violations;
  private final ObjectMapper json = new ObjectMapper();
  private final Thread thread;
  private volatile boolean stop;
  private volatile Throwable failure;
  private volatile long recorded;
  private volatile int samples;
  private Connection connection;

  SlotSampler(
      TestKafka kafka, TestDatabase database, String slot, String prefix, Violations violations) {
    this.kafka = kafka;
    this.database = database;
    this.slot = slot;
    this.partition = new TopicPartition(prefix + ".bottledwater.state", 0);
    this.violations = violations;
    this.thread = new Thread(this::run, "slot-sampler");
    thread.start();
  }

  /** Comparisons made so far. */
  int samples() {
    return samples;
  }

  private void run() {
    try (KafkaConsumer<byte[], byte[]> consumer = kafka.consumer(IsolationLevel.READ_COMMITTED);
        KafkaConsumer<byte[], byte[]> ends = kafka.consumer(IsolationLevel.READ_UNCOMMITTED)) {
      while (!stop) {
        Thread.sleep(PAUSE_MILLIS);
        try {
          sample(consumer, ends);
        } catch (SQLException e) {
          disconnect();
        } catch (KafkaException e) {
          if (!(e instanceof org.apache.kafka.common.errors.RetriableException)) {
            throw e;
          }
        }
      }
    } catch (Throwable e) {
      failure = e;
    } finally {
      disconnect();
    }
  }

  private void sample(KafkaConsumer<byte[], byte[]> consumer, KafkaConsumer<byte[], byte[]> ends)
      throws SQLException, IOException {
    if (consumer.assignment().isEmpty()) {
      if (!consumer.listTopics(CALL_LIMIT).containsKey(partition.topic())) {
        return;
      }
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      ends.assign(List.of(partition));
    }
    String confirmed = confirmedFlushLsn();
    long written = ends.endOffsets(List.of(partition), CALL_LIMIT).get(partition);
    read(consumer, consumer.endOffsets(List.of(partition), CALL_LIMIT).get(partition));
    if (stop || confirmed == null || recorded == 0) {
      return;
    }
    samples++;
    if (isAhead(confirmed)) {
      read(consumer, written);
      if (!stop && isAhead(confirmed)) {
        violations.add(
            Rule.O7, "slot confirmed to " + confirmed + ", recorded " + Seen.lsnText(recorded));
      }
    }
  }

  private boolean isAhead(String confirmed) {
    return Long.compareUnsigned(Seen.lsn(confirmed), recorded) > 0;
  }

  /** Reads up to {@code end}, and no records behind it. */
  private void read(KafkaConsumer<byte[], byte[]> consumer, long end) throws IOException {
    while (!stop && consumer.position(partition, CALL_LIMIT) < end) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
        if (record.offset() >= end) {
          consumer.seek(partition, record.offset());
          return;
        }
        take(record);
      }
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) throws IOException {
    if (record.value() == null || !new String(record.key(), UTF_8).equals(slot + ":position")) {
      return;
    }
    long lsn = Seen.lsn((String) json.readValue(record.value(), Map.class).get("lsn"));
    if (Long.compareUnsigned(lsn, recorded) < 0) {
      violations.add(
          Rule.O7,
          "the recorded position went from " + Seen.lsnText(recorded) + " to " + Seen.lsnText(lsn));
    }
    recorded = lsn;
  }

  private String confirmedFlushLsn() throws SQLException {
    if (connection == null) {
      connection =
          DriverManager.getConnection(
              database.jdbcUrl() + "?socketTimeout=20&ApplicationName=oracle",
              database.server().user(),
              database.server().password());
    }
    try (Statement statement = connection.createStatement();
        ResultSet r =
            statement.executeQuery(
                "SELECT confirmed_flush_lsn::text FROM pg_replication_slots WHERE slot_name = '"
                    + slot
                    + "'")) {
      return r.next() ? r.getString(1) : null;
    }
  }

  private void disconnect() {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      // It is broken: that is why it is closed.
    }
    connection = null;
  }

  @Override
  public void close() {
    stop = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    if (failure != null) {
      throw new AssertionError("the slot's sampler failed", failure);
    }
  }
}
