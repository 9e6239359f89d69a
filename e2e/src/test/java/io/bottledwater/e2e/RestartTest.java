package io.bottledwater.e2e;

import static io.bottledwater.e2e.TopicReader.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Where a pump begins, and where it goes on. */
class RestartTest {
  private final TestKafka kafka = TestKafka.shared();

  @Test
  void stopsWhenAskedAndGoesOnWithoutLossOrRepetition() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute(
          "CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t SELECT generate_series(1, 100)");
      String topic = database.name() + ".t";
      PumpUnderTest pump = PumpUnderTest.of(database, kafka).with("--output-format=json");
      pump.startStreaming();
      database.execute("INSERT INTO t SELECT generate_series(101, 200)");
      TopicReader.await(kafka, topic, 200);
      // In the midst of it: what was read but not committed must come again.
      for (int i = 201; i <= 2200; i += 100) {
        database.execute("INSERT INTO t SELECT generate_series(" + i + ", " + (i + 99) + ")");
      }
      assertThat(pump.stop()).isZero();
      database.execute("INSERT INTO t SELECT generate_series(2201, 2300)");
      pump.startStreaming();
      database.execute("INSERT INTO t SELECT generate_series(2301, 2400)");
      TopicReader.await(kafka, topic, 2400);
      assertThat(pump.stop()).isZero();

      assertThat(TopicReader.read(kafka, topic))
          .extracting(r -> text(r.key()))
          .containsExactlyElementsOf(
              IntStream.rangeClosed(1, 2400).mapToObj(i -> "{\"id\":" + i + "}").toList());
    }
  }

  @Test
  void streamsFromASlotThatExistsWithoutASnapshot() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute(
          "CREATE TABLE t (id int PRIMARY KEY)",
          "INSERT INTO t VALUES (1)",
          "CREATE PUBLICATION p FOR TABLE t",
          "SELECT pg_create_logical_replication_slot('" + database.name() + "', 'pgoutput')",
          "INSERT INTO t VALUES (2)");
      String topic = database.name() + ".t";
      PumpUnderTest pump =
          PumpUnderTest.of(database, kafka)
              .with("--output-format=json", "--publication=p")
              .with("--delivery=at-least-once", "--headers=off");
      pump.startStreaming();
      TopicReader.await(kafka, topic, 1);
      assertThat(pump.stop()).isZero();
      database.execute("INSERT INTO t VALUES (3)");
      pump.startStreaming();
      database.execute("INSERT INTO t VALUES (4)");
      TopicReader.until("the last row", () -> keys(topic).contains("{\"id\":4}"));
      assertThat(pump.stop()).isZero();

      assertThat(keys(topic).stream().distinct())
          .containsExactly("{\"id\":2}", "{\"id\":3}", "{\"id\":4}");
      assertThat(TopicReader.read(kafka, topic))
          .allSatisfy(record -> assertThat(record.headers()).isEmpty());
    }
  }

  @Test
  void leavesTheSnapshotOutWhenAsked() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka)
              .with("--output-format=json", "--skip-snapshot")
              .startStreaming()) {
        database.execute("INSERT INTO t VALUES (2)");

        TopicReader.await(kafka, database.name() + ".t", 1);
        assertThat(keys(database.name() + ".t")).containsExactly("{\"id\":2}");
        assertThat(pump.stop()).isZero();
      }
    }
  }

  private List<String> keys(String topic) {
    return TopicReader.read(kafka, topic).stream().map(r -> text(r.key())).toList();
  }
}
