package io.bottledwater.embedded.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bottledwater.embedded.EmbeddedServerException;
import io.bottledwater.embedded.EmbeddedServerException.Reason;
import io.bottledwater.embedded.FreePort;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTest {
  @TempDir Path directory;

  @Test
  void keepsCommittedTransactionsOverARestartAndHidesAbortedOnes() throws Exception {
    int port;
    String clusterId;
    try (EmbeddedKafka kafka = EmbeddedKafka.builder().dataDirectory(directory).start()) {
      port = kafka.port();
      clusterId = kafka.clusterId();
      produce(kafka, "first", true);
      produce(kafka, "aborted", false);
    }
    try (EmbeddedKafka kafka =
        EmbeddedKafka.builder().dataDirectory(directory).listener("127.0.0.1", port).start()) {
      produce(kafka, "second", true);

      assertThat(kafka.clusterId()).isEqualTo(clusterId);
      assertThat(kafka.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
      assertThat(committed(kafka, 2)).containsExactly("first", "second");
      assertThat(kafka.fault()).isEmpty();
    }
  }

  @Test
  void offersTransactionVersionTwo() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.builder().dataDirectory(directory).start();
        Admin admin = admin(kafka)) {
      var features = admin.describeFeatures().featureMetadata().get(60, TimeUnit.SECONDS);

      assertThat(features.finalizedFeatures().get("transaction.version").maxVersionLevel())
          .isGreaterThanOrEqualTo((short) 2);
    }
  }

  @Test
  void refusesADirectoryInUse() {
    try (EmbeddedKafka kafka = EmbeddedKafka.builder().dataDirectory(directory).start()) {
      assertThatThrownBy(() -> EmbeddedKafka.builder().dataDirectory(directory).start())
          .isInstanceOfSatisfying(
              EmbeddedServerException.class,
              e -> assertThat(e.reason()).isEqualTo(Reason.DATA_DIRECTORY))
          .hasMessageContaining(directory.toString());
      assertThat(kafka.fault()).isEmpty();
    }
  }

  @Test
  void namesAPortThatIsTakenAndLetsGoOfTheDirectory() throws Exception {
    int port = FreePort.pick();
    try (ServerSocket taken =
        new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      assertThatThrownBy(
              () ->
                  EmbeddedKafka.builder()
                      .dataDirectory(directory)
                      .listener("127.0.0.1", taken.getLocalPort())
                      .start())
          .isInstanceOfSatisfying(
              EmbeddedServerException.class, e -> assertThat(e.reason()).isEqualTo(Reason.LISTENER))
          .hasMessageContaining("127.0.0.1:" + port);
    }
    EmbeddedKafka.builder().dataDirectory(directory).listener("127.0.0.1", port).start().close();
  }

  @Test
  void failsOnAPropertyThatKafkaRefusesAndCanBeStartedAfterwards() {
    assertThatThrownBy(
            () ->
                EmbeddedKafka.builder()
                    .dataDirectory(directory)
                    .property("num.io.threads", "none")
                    .start())
        .isInstanceOfSatisfying(
            EmbeddedServerException.class, e -> assertThat(e.reason()).isEqualTo(Reason.START));
    EmbeddedKafka.builder().dataDirectory(directory).start().close();
  }

  @Test
  void reportsALostLogDirectoryInsteadOfEndingTheProcess() throws Exception {
    CompletableFuture<EmbeddedServerException> reported = new CompletableFuture<>();
    try (EmbeddedKafka kafka =
            EmbeddedKafka.builder().dataDirectory(directory).onFault(reported::complete).start();
        Admin admin = admin(kafka)) {
      Path lost = directory.resolve("lost");
      Files.move(directory.resolve("log"), lost);
      Files.createFile(directory.resolve("log"));
      admin.createTopics(List.of(new NewTopic("nowhere", 1, (short) 1)));

      assertThat(reported.get(60, TimeUnit.SECONDS).reason()).isEqualTo(Reason.FAULT);
      assertThat(kafka.fault()).contains(reported.get());
    }
  }

  private static void produce(EmbeddedKafka kafka, String value, boolean commit) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "writer"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("t", value.getBytes(UTF_8))).get(60, TimeUnit.SECONDS);
      if (commit) {
        producer.commitTransaction();
      } else {
        producer.abortTransaction();
      }
    }
  }

  private static List<String> committed(EmbeddedKafka kafka, int count) {
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      TopicPartition partition = new TopicPartition("t", 0);
      consumer.assign(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end || values.size() < count) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          values.add(new String(record.value(), UTF_8));
        }
      }
    }
    return values;
  }

  private static Admin admin(EmbeddedKafka kafka) {
    return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
  }
}
