package io.bottledwater.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.embedded.postgres.EmbeddedPostgres;
import io.bottledwater.registry.server.SchemaRegistryServer;
import io.bottledwater.testkit.ProcessRunner;
import io.bottledwater.testkit.RunningProcess;
import io.bottledwater.testkit.TemporaryDirectories;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the launcher has the JVM watch before it keeps a cache for the pump does what a pump does:
 * snapshot, stream and backlog, in each format.
 */
class TrainingTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int SNAPSHOT = 20_000;
  private static final int BACKLOG = 80_000;

  private final TestKafka kafka = TestKafka.shared();

  @Test
  void goesEveryWayOfThePump(@TempDir Path files) throws Exception {
    Path directory = TemporaryDirectories.create("training-postgres");
    try (EmbeddedPostgres server = TestPostgres.builder(17).dataDirectory(directory).start();
        SchemaRegistryServer registry =
            SchemaRegistryServer.start(
                SchemaRegistryServer.Settings.of("127.0.0.1", 0, kafka.bootstrapServers()))) {
      RunningProcess training =
          ProcessRunner.java("io.bottledwater.cli.Training")
              .environment("PGPASSFILE", passwordFile(files, server).toString())
              .arguments(
                  "127.0.0.1:" + server.port(),
                  kafka.bootstrapServers(),
                  "http://127.0.0.1:" + registry.address().getPort())
              .start();
      try (training) {
        assertThat(training.awaitExit(PATIENCE)).isZero();
      }

      List<String> said = training.stderr();
      for (String event : List.of("Snapshot finished", "Catching up from", "Streaming from")) {
        assertThat(said).filteredOn(line -> line.contains(event)).hasSizeGreaterThanOrEqualTo(2);
      }
      for (String format : List.of("avro", "json")) {
        TopicReader.await(kafka, "training_" + format + ".training", SNAPSHOT + BACKLOG);
      }
    }
  }

  private static Path passwordFile(Path directory, EmbeddedPostgres server) throws Exception {
    Path file =
        Files.createFile(
            directory.resolve("pgpass"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(
        file, "127.0.0.1:%d:*:%s:%s%n".formatted(server.port(), server.user(), server.password()));
  }
}
