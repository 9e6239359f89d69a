package io.bottledwater.e2e;

import static io.bottledwater.e2e.TopicReader.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.testkit.KafkaProcess;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Brokers whose feature transaction.version is below 2, as after an upgrade that is not finalised:
 * partitions have to be added to a transaction before they are written to. Kafka's own producer
 * does that; ours does not.
 */
class OlderTransactionsTest {
  private static final String FALLS_BACK = "Kafka's own producer is used";

  @TempDir Path directory;
  private KafkaProcess broker;
  private TestKafka kafka;

  @BeforeEach
  void startBroker() {
    broker = KafkaProcess.start(directory, Map.of());
    kafka = TestKafka.at(broker.bootstrapServers());
  }

  @AfterEach
  void stopBroker() {
    broker.close();
  }

  @ParameterizedTest
  @ValueSource(shorts = {0, 1})
  void deliversOnceOverAKill(short version) throws Exception {
    setTransactionVersion(version);
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      List<String> log = deliver(database, () -> {});

      assertThat(log).anyMatch(line -> line.contains(FALLS_BACK));
    }
  }

  /** Neither producer minds when the feature is taken back, or raised, while it runs. */
  @Test
  void deliversOnceWhileTheFeatureChanges() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      List<String> log = deliver(database, () -> setTransactionVersion((short) 1));

      assertThat(log).anyMatch(line -> line.contains(FALLS_BACK));
    }
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      List<String> log = deliver(database, () -> setTransactionVersion((short) 2));

      assertThat(log).noneMatch(line -> line.contains(FALLS_BACK));
    }
  }

  private interface Step {
    void run() throws Exception;
  }

  /** Returns what the second of two pumps has printed. */
  private List<String> deliver(TestDatabase database, Step whileItRuns) throws Exception {
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t SELECT generate_series(1, 2000)");
    String topic = database.name() + ".t";
    List<String> log;
    try (PumpUnderTest pump =
        PumpUnderTest.of(database, kafka).with("--output-format=json", "--topic-partitions=3")) {
      pump.startStreaming();
      database.execute("INSERT INTO t SELECT generate_series(2001, 3000)");
      TopicReader.await(kafka, topic, 3000);
      whileItRuns.run();
      for (int i = 3001; i <= 4000; i += 100) {
        database.execute("INSERT INTO t SELECT generate_series(" + i + ", " + (i + 99) + ")");
      }
      TopicReader.await(kafka, topic, 3500);
      pump.kill9();
      pump.startStreaming();
      database.execute("INSERT INTO t SELECT generate_series(4001, 5000)");
      TopicReader.await(kafka, topic, 5000);
      assertThat(pump.stop()).isZero();
      log = pump.process().stderr();
    }
    assertThat(TopicReader.read(kafka, topic))
        .extracting(r -> text(r.key()))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(1, 5000).mapToObj(i -> "{\"id\":" + i + "}").toList());
    return log;
  }

  private void setTransactionVersion(short version) throws Exception {
    try (Admin admin = kafka.admin()) {
      short now =
          admin
              .describeFeatures()
              .featureMetadata()
              .get()
              .finalizedFeatures()
              .get("transaction.version")
              .maxVersionLevel();
      admin
          .updateFeatures(
              Map.of(
                  "transaction.version",
                  new FeatureUpdate(
                      version,
                      version < now
                          ? FeatureUpdate.UpgradeType.SAFE_DOWNGRADE
                          : FeatureUpdate.UpgradeType.UPGRADE)),
              new UpdateFeaturesOptions())
          .all()
          .get();
    }
  }
}
