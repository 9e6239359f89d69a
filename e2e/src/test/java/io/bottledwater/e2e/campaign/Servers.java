package io.bottledwater.e2e.campaign;

import io.bottledwater.embedded.postgres.EmbeddedPostgres;
import io.bottledwater.testkit.KafkaProcess;
import io.bottledwater.testkit.TemporaryDirectories;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.nio.file.Path;
import java.util.Map;

/**
 * The servers that faults happen to: a durable PostgreSQL and a broker in processes of their own,
 * shared by all runs of a campaign, each of which has its own database and topics. Every fault
 * leaves them running.
 */
final class Servers implements AutoCloseable {
  static final int POSTGRES_MAJOR = 17;

  private final Path postgresDirectory = TemporaryDirectories.create("campaign-postgres");
  private final Path kafkaDirectory = TemporaryDirectories.create("campaign-kafka");
  private final EmbeddedPostgres postgres;
  private final KafkaProcess broker;

  private Servers(EmbeddedPostgres.Builder builder) {
    // Without checkpoints of its own accord a crash always takes slots back a long way.
    this.postgres =
        builder
            .dataDirectory(postgresDirectory)
            .setting("checkpoint_timeout", "1h")
            .setting("max_wal_size", "4GB")
            .start();
    this.broker = KafkaProcess.start(kafkaDirectory, Map.of());
  }

  static Servers start() {
    return new Servers(TestPostgres.builder(POSTGRES_MAJOR));
  }

  EmbeddedPostgres postgres() {
    return postgres;
  }

  KafkaProcess broker() {
    return broker;
  }

  TestKafka kafka() {
    return TestKafka.at(broker.bootstrapServers());
  }

  @Override
  public void close() {
    broker.close();
    postgres.stop(EmbeddedPostgres.StopMode.IMMEDIATE);
    postgres.close();
    TemporaryDirectories.delete(kafkaDirectory);
    TemporaryDirectories.delete(postgresDirectory);
  }
}
