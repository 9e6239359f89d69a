package io.bottledwater.e2e.campaign;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bottledwater.bytes.ByteSlice;
import io.bottledwater.record.EncodedRecord;
import io.bottledwater.sink.SinkWriter;
import io.bottledwater.sink.StateEntry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Kafka transactions under an id that nobody used before: nobody is shut out. Slow, and it says
 * when it is about to commit changes, when it begins to send what the commit consists of, and when
 * it has committed, so that it can be stopped in between.
 */
final class UnfencedWriter implements SinkWriter {
  private static final long SLOWNESS_MILLIS = 200;

  private final KafkaProducer<byte[], byte[]> producer;
  private final String stateTopic;
  private final String slot;
  private final ObjectMapper json = new ObjectMapper();
  private boolean inTransaction;

  UnfencedWriter(String bootstrapServers, String prefix, String slot) {
    this.stateTopic = prefix + ".bottledwater.state";
    this.slot = slot;
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "transactional.id",
                UUID.randomUUID() + "",
                // Nobody is to end its transactions while it sleeps.
                "transaction.timeout.ms",
                "600000"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
  }

  @Override
  public void accept(EncodedRecord record) {
    begin();
    ByteSlice value = record.value();
    send(
        new ProducerRecord<>(
            record.topic().name(),
            null,
            record.timestampMillis(),
            record.key(),
            value == null ? null : value.toByteArray(),
            List.of(
                header("bw.op", record.operation().letter()),
                header("bw.lsn", Seen.lsnText(record.commitLsn())),
                header("bw.seq", Long.toString(record.sequence())))));
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(UTF_8));
  }

  private void begin() {
    if (!inTransaction) {
      producer.beginTransaction();
      inTransaction = true;
    }
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    // A failure is reported by the commit.
    var unused = producer.send(record);
  }

  @Override
  public void commit(List<StateEntry> state) {
    boolean changes = inTransaction;
    begin();
    if (changes) {
      System.out.println("committing");
    }
    Scene.sleep(SLOWNESS_MILLIS);
    if (changes) {
      System.out.println("sending");
    }
    try {
      for (StateEntry entry : state) {
        send(
            new ProducerRecord<>(
                stateTopic,
                0,
                (slot + ":" + entry.key()).getBytes(UTF_8),
                entry.fields().isEmpty() ? null : json.writeValueAsBytes(entry.fields())));
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    producer.commitTransaction();
    inTransaction = false;
    if (changes) {
      System.out.println("committed");
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }
}
