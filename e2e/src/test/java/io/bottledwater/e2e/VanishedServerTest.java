package io.bottledwater.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.embedded.postgres.EmbeddedPostgres;
import io.bottledwater.testkit.Signals;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that falls silent without closing its connections, as a host does that is cut off. */
class VanishedServerTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final TestKafka kafka = TestKafka.shared();

  @Test
  void isGivenUpWithoutWaitingForTheOperatingSystem(@TempDir Path directory) {
    try (EmbeddedPostgres server = TestPostgres.builder(17).dataDirectory(directory).start();
        TestDatabase database =
            TestDatabase.create(server, "vanished_" + Long.toString(System.nanoTime(), 36));
        PumpUnderTest pump = PumpUnderTest.of(database, kafka).with("--output-format=json")) {
      database.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
      pump.startStreaming();
      // The postmaster first, so that it starts nothing while its children are stopped.
      List<Long> processes = new ArrayList<>(List.of(database.server().pid()));
      try {
        Signals.send(database.server().pid(), "STOP");
        // A stopped postmaster forgets none of its children, even those that have ended.
        ProcessHandle.of(database.server().pid())
            .orElseThrow()
            .children()
            .forEach(child -> processes.add(child.pid()));
        processes.forEach(pid -> Signals.send(pid, "STOP"));
        pump.process().awaitLine("Trying again", PATIENCE);
      } finally {
        processes.forEach(pid -> Signals.send(pid, "CONT"));
      }

      database.execute("INSERT INTO t VALUES (2)");
      assertThat(TopicReader.lines(TopicReader.await(kafka, database.name() + ".t", 2))).hasSize(2);
      assertThat(pump.stop()).isZero();
    }
  }
}
