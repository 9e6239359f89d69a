package io.bottledwater.bench;

import io.bottledwater.embedded.postgres.EmbeddedPostgres;
import io.bottledwater.registry.server.SchemaRegistryServer;
import io.bottledwater.testkit.KafkaProcess;
import io.bottledwater.testkit.TemporaryDirectories;
import io.bottledwater.testkit.TestCertificate;
import io.bottledwater.testkit.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** PostgreSQL 17, durable, and Kafka, each a process; the schema registry in this one. */
final class Servers implements AutoCloseable {
  private static final int POSTGRES = 17;
  private static final int DEFAULT_LOCKS = 64;
  private static final int MANY_LOCKS = 512;

  // As Kafka's own start script has it.
  private static final List<String> BROKER_JVM =
      List.of("-Xms1g", "-Xmx1g", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20");

  // Not one in the other: PostgreSQL's user may not enter a directory of ours.
  private final Path postgresDirectory = TemporaryDirectories.create("bench-postgres");
  private final Path directory = TemporaryDirectories.create("bench");
  private final EmbeddedPostgres postgres;
  private final KafkaProcess kafka;
  private final SchemaRegistryServer registry;

  private Servers(int locksPerTransaction) {
    postgres =
        TestPostgres.builder(POSTGRES)
            .dataDirectory(postgresDirectory)
            .setting("shared_buffers", "256MB")
            .setting("max_wal_size", "8GB")
            .setting("checkpoint_timeout", "1h")
            .setting("logical_decoding_work_mem", "64MB")
            .setting("autovacuum", "off")
            .setting("max_locks_per_transaction", Integer.toString(locksPerTransaction))
            .start();
    kafka =
        KafkaProcess.start(
            scratch("kafka"),
            Map.of(
                "message.max.bytes", "16777216",
                "log.segment.delete.delay.ms", "1000",
                "log.retention.check.interval.ms", "5000"),
            BROKER_JVM);
    registry =
        SchemaRegistryServer.start(
            SchemaRegistryServer.Settings.of("127.0.0.1", 0, kafka.bootstrapServers()));
  }

  static Servers start() {
    return new Servers(DEFAULT_LOCKS);
  }

  /** PostgreSQL offers TLS, which all that connect to it prefer. */
  void useTls() throws SQLException {
    TestCertificate.create(scratch("certificate")).giveTo(() -> connect("postgres"));
  }

  /** For transactions that lock thousands of tables. */
  static Servers startForManyTables() {
    return new Servers(MANY_LOCKS);
  }

  EmbeddedPostgres postgres() {
    return postgres;
  }

  KafkaProcess kafka() {
    return kafka;
  }

  String registryUrl() {
    InetSocketAddress address = registry.address();
    return "http://127.0.0.1:" + address.getPort();
  }

  Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        postgres.jdbcUrl(database), postgres.user(), postgres.password());
  }

  /** A directory that goes with the servers. */
  final Path scratch(String name) {
    try {
      return Files.createDirectories(directory.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    registry.close();
    kafka.close();
    postgres.close();
    TemporaryDirectories.delete(directory);
    TemporaryDirectories.delete(postgresDirectory);
  }
}
