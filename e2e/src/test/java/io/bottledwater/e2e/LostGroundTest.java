package io.bottledwater.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What must stop the pump at its start: going on would leave a gap that nobody sees. */
class LostGroundTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestKafka kafka = TestKafka.shared();

  @Test
  void refusesASlotThatWasDroppedRecreatedOrAdvanced() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      String slot = "'" + database.name() + "'";
      database.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
      run(database);

      database.execute("INSERT INTO t VALUES (2)");
      PumpUnderTest.awaitFreeSlot(database);
      database.execute("SELECT pg_replication_slot_advance(" + slot + ", pg_current_wal_lsn())");
      refuses(database, "BW-SLOT-AHEAD");

      database.execute("SELECT pg_drop_replication_slot(" + slot + ")");
      refuses(database, "BW-SLOT-MISSING");

      database.execute("SELECT pg_create_logical_replication_slot(" + slot + ", 'pgoutput')");
      refuses(database, "BW-SLOT-AHEAD");
    }
  }

  @Test
  void refusesATopicThatWasDeletedAndCreatedAgain() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
      String topic = database.name() + ".t";
      try (PumpUnderTest pump = pump(database).startStreaming()) {
        // A mark is taken every ten seconds and goes with the next commit.
        int[] id = {2};
        TopicReader.until(
            "the topic's mark",
            () -> {
              database.execute("INSERT INTO t VALUES (" + id[0]++ + ")");
              return TopicReader.read(kafka, database.name() + ".bottledwater.state").stream()
                  .anyMatch(r -> TopicReader.text(r.key()).endsWith(":topic/" + topic));
            });
        assertThat(pump.stop()).isZero();
      }
      kafka.deleteTopic(topic);
      refuses(database, "BW-TOPIC-CHANGED");
    }
  }

  @Test
  void refusesASlotOfItsOwnWhoseStateIsGone() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
      run(database);

      kafka.deleteTopic(database.name() + ".bottledwater.state");
      refuses(database, "BW-STATE-MISSING");

      try (PumpUnderTest pump = pump(database).with("--skip-snapshot").startStreaming()) {
        database.execute("INSERT INTO t VALUES (2)");
        TopicReader.await(kafka, database.name() + ".t", 2);
        assertThat(pump.stop()).isZero();
      }
    }
  }

  private void run(TestDatabase database) {
    try (PumpUnderTest pump = pump(database).startStreaming()) {
      TopicReader.await(kafka, database.name() + ".t", 1);
      assertThat(pump.stop()).isZero();
    }
  }

  private void refuses(TestDatabase database, String code) {
    int before = TopicReader.read(kafka, database.name() + ".bottledwater.state").size();
    try (PumpUnderTest pump = pump(database).start()) {
      assertThat(pump.process().awaitExit(PATIENCE)).isEqualTo(3);
      assertThat(pump.process().stderr()).anyMatch(line -> line.contains(code));
    }
    assertThat(TopicReader.read(kafka, database.name() + ".bottledwater.state")).hasSize(before);
  }

  private PumpUnderTest pump(TestDatabase database) {
    return PumpUnderTest.of(database, kafka).with("--output-format=json");
  }
}
