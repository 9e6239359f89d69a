package io.bottledwater.e2e;

import static io.bottledwater.e2e.TopicReader.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.embedded.postgres.EmbeddedPostgres;
import io.bottledwater.testkit.TemporaryDirectories;
import io.bottledwater.testkit.TestCertificate;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that speaks TLS: snapshot, stream, and a backlog through the decoding functions. */
class PostgresTlsTest {
  private static final int SNAPSHOT = 5_000;
  private static final int STREAMED = 2_000;
  private static final int BACKLOG = 60_000;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final TestKafka kafka = TestKafka.shared();

  @Test
  void everyWayOfReadingGoesThroughTls(@TempDir Path certificates) throws Exception {
    Path directory = TemporaryDirectories.create("tls-postgres");
    try (EmbeddedPostgres server = TestPostgres.builder(17).dataDirectory(directory).start();
        TestDatabase database =
            TestDatabase.create(server, "tls_" + Long.toString(System.nanoTime(), 36))) {
      TestCertificate certificate = TestCertificate.create(certificates);
      certificate.giveTo(database::open);
      database.execute(
          "CREATE TABLE t (id int PRIMARY KEY, v text)",
          insert(1, SNAPSHOT),
          // What is encrypted in one record at most is 16 KB; a buffer of the pump's holds 64.
          "INSERT INTO t VALUES (0, repeat('0123456789', 30000))");
      PumpUnderTest pump =
          PumpUnderTest.of(
                  database.uri() + "?sslmode=verify-full&sslrootcert=" + certificate.certificate(),
                  database,
                  kafka)
              .with("--output-format=json");
      pump.startStreaming();
      database.execute(
          insert(SNAPSHOT + 1, SNAPSHOT + STREAMED), "UPDATE t SET id = -1 WHERE id = 0");
      TopicReader.await(kafka, topic(database), SNAPSHOT + 1 + STREAMED + 2);

      assertThat(
              database.query(
                  "SELECT DISTINCT s.ssl::text FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid)"
                      + " WHERE a.application_name LIKE 'bottledwater%'"))
          .containsExactly("true");
      assertThat(pump.stop()).isZero();

      database.execute(insert(SNAPSHOT + STREAMED + 1, SNAPSHOT + STREAMED + BACKLOG));
      pump.start();
      pump.process().awaitLine("Catching up from", PATIENCE);
      pump.awaitStreaming();
      List<ConsumerRecord<byte[], byte[]>> records =
          TopicReader.await(kafka, topic(database), SNAPSHOT + 1 + STREAMED + 2 + BACKLOG);
      assertThat(pump.stop()).isZero();

      Map<String, Integer> lengths = new HashMap<>();
      for (ConsumerRecord<byte[], byte[]> record : records) {
        if (record.value() == null) {
          lengths.remove(text(record.key()));
        } else {
          assertThat(lengths.put(text(record.key()), record.value().length)).isNull();
        }
      }
      assertThat(lengths).hasSize(SNAPSHOT + STREAMED + BACKLOG + 1);
      assertThat(lengths.get("{\"id\":-1}")).isGreaterThan(300_000);
    }
  }

  private static String insert(int first, int last) {
    return "INSERT INTO t SELECT i, repeat('x', 300) FROM generate_series("
        + first
        + ", "
        + last
        + ") i";
  }

  private static String topic(TestDatabase database) {
    return database.name() + ".t";
  }
}
