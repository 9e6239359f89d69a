package io.bottledwater.e2e;

import static io.bottledwater.e2e.TopicReader.header;
import static io.bottledwater.e2e.TopicReader.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.testkit.ProcessRunner;
import io.bottledwater.testkit.RunningProcess;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an operator does: read a table again, look at the slot, give it up, accept a gap. */
class OperatorTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestKafka kafka = TestKafka.shared();

  @Test
  void readsATableAgainWhileItStreamsAndLosesNoDelete() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute(
          "CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t SELECT generate_series(1, 50)");
      String topic = database.name() + ".t";
      try (PumpUnderTest pump = pump(database).startStreaming()) {
        TopicReader.await(kafka, topic, 50);
        run(database, 0, "snapshot", "--table=public.*");
        database.execute("DELETE FROM t WHERE id <= 10", "INSERT INTO t VALUES (51)");
        TopicReader.until(
            "the table to be read again",
            () ->
                TopicReader.read(kafka, topic).stream()
                        .filter(r -> header(r, "bw.op").equals("r"))
                        .count()
                    >= 50 + 40);
        database.execute("DELETE FROM t WHERE id = 51");
        TopicReader.until(
            "the table to be as it is",
            () -> TopicReader.newest(TopicReader.read(kafka, topic)).size() == 40);

        run(database, 2, "snapshot", "--table=public.nothing");
        assertThat(pump.stop()).isZero();
      }
      run(database, 0, "slot", "status");
    }
  }

  @Test
  void goesOnPastAGapOnlyWhenToldToAndRecordsIt() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
      String topic = database.name() + ".t";
      try (PumpUnderTest pump = pump(database).startStreaming()) {
        TopicReader.await(kafka, topic, 1);
        run(database, 4, "slot", "drop");
        assertThat(pump.stop()).isZero();
      }
      PumpUnderTest.awaitFreeSlot(database);
      database.execute(
          "SELECT pg_drop_replication_slot('" + database.name() + "')", "INSERT INTO t VALUES (2)");
      run(database, 2, "slot", "reset");
      run(database, 0, "slot", "reset", "--accept-gap");
      try (PumpUnderTest pump = pump(database).startStreaming()) {
        database.execute("INSERT INTO t VALUES (3)");

        assertThat(TopicReader.await(kafka, topic, 2))
            .extracting(r -> text(r.key()))
            .containsExactly("{\"id\":1}", "{\"id\":3}");
        assertThat(TopicReader.read(kafka, database.name() + ".bottledwater.state"))
            .filteredOn(r -> text(r.key()).contains(":gap/"))
            .hasSize(1)
            .allSatisfy(r -> assertThat(text(r.value())).contains("accepted_by", "from", "to"));
        assertThat(pump.stop()).isZero();
      }

      run(database, 0, "slot", "drop");
      try (PumpUnderTest pump = pump(database).startStreaming()) {
        assertThat(TopicReader.await(kafka, topic, 5))
            .extracting(r -> header(r, "bw.op") + text(r.key()))
            .endsWith("r{\"id\":1}", "r{\"id\":2}", "r{\"id\":3}");
        assertThat(pump.stop()).isZero();
      }
    }
  }

  @Test
  void readsATableWholeWhoseSnapshotAGapHasCutInTwo() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute(
          "CREATE TABLE t (id int PRIMARY KEY, v int)", "INSERT INTO t VALUES (1, 0), (2, 0)");
      try (PumpUnderTest pump = pump(database).haltingAt("SNAPSHOT_PLANNED:1").start()) {
        assertThat(pump.process().awaitExit(PATIENCE)).isEqualTo(137);
      }
      database.execute("SELECT pg_drop_replication_slot('" + database.name() + "')");
      database.execute("UPDATE t SET v = 1 WHERE id = 1");
      run(database, 0, "slot", "reset", "--accept-gap");
      try (PumpUnderTest pump = pump(database).startStreaming()) {
        assertThat(TopicReader.lines(TopicReader.await(kafka, database.name() + ".t", 2)))
            .containsExactlyInAnyOrder(
                "r {\"id\":1} {\"id\":1,\"v\":1}", "r {\"id\":2} {\"id\":2,\"v\":0}");
        assertThat(pump.stop()).isZero();
      }
    }
  }

  @Test
  void leavesOutAfterARequestWhatTheFirstReadingHeld() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute(
          "CREATE TABLE other (id int PRIMARY KEY)",
          "CREATE TABLE t (id int PRIMARY KEY, v int)",
          "CREATE PUBLICATION theirs FOR TABLE other, t");
      try (PumpUnderTest pump =
          pump(database).with("--publication=theirs", "--tables=public.other").startStreaming()) {
        assertThat(pump.stop()).isZero();
      }
      // The stream is far behind when the table is read for the first time.
      for (int i = 0; i < 150; i++) {
        database.execute(
            "INSERT INTO other SELECT generate_series(" + i * 1000 + ", " + (i * 1000 + 999) + ")");
      }
      database.execute("INSERT INTO t VALUES (1, 0)", "UPDATE t SET v = 1");
      try (PumpUnderTest pump =
          pump(database).with("--publication=theirs", "--catch-up=off").startStreaming()) {
        pump.process().awaitLine("Snapshot finished: 1 row", PATIENCE);
        database.execute("SELECT pg_notify('bottledwater', E'" + database.name() + "\\tpublic.t')");
        pump.process().awaitLine("A snapshot was asked for", PATIENCE);
        database.execute("UPDATE t SET v = 2");

        TopicReader.until(
            "the last change",
            () ->
                TopicReader.lines(TopicReader.read(kafka, database.name() + ".t"))
                    .contains("u {\"id\":1} {\"id\":1,\"v\":2}"));
        assertThat(TopicReader.lines(TopicReader.read(kafka, database.name() + ".t")))
            .doesNotContain("c {\"id\":1} {\"id\":1,\"v\":0}");
        assertThat(pump.stop()).isZero();
      }
    }
  }

  private PumpUnderTest pump(TestDatabase database) {
    return PumpUnderTest.of(database, kafka).with("--output-format=json");
  }

  @Test
  void saysThatThereWasNoSlotToDrop() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute("CREATE TABLE t (id int PRIMARY KEY)");

      assertThat(run(database, 0, "slot", "drop")).anyMatch(line -> line.contains("did not exist"));
    }
  }

  private List<String> run(
      TestDatabase database, int exitCode, String command, String... arguments) {
    List<String> line = new ArrayList<>();
    line.add(command);
    line.addAll(List.of(arguments));
    line.add("--postgres=" + database.uri());
    line.add("--slot=" + database.name());
    if (command.equals("slot")) {
      line.add("--broker=" + kafka.bootstrapServers());
      line.add("--topic-prefix=" + database.name());
    }
    try (RunningProcess process =
        ProcessRunner.java("io.bottledwater.cli.Main")
            .arguments(line.toArray(new String[0]))
            .start()) {
      assertThat(process.awaitExit(PATIENCE))
          .as(String.valueOf(process.stderr()))
          .isEqualTo(exitCode);
      return process.stderr();
    }
  }
}
