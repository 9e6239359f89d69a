package io.bottledwater.e2e;

import static io.bottledwater.e2e.TopicReader.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Two pumps with the same slot. */
class StandbyTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestKafka kafka = TestKafka.shared();

  @Test
  void waitsWhileAnotherPumpRunsAndTakesOverWhenItDies() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
      try (PumpUnderTest first =
              PumpUnderTest.of(database, kafka).with("--output-format=json").startStreaming();
          PumpUnderTest second =
              PumpUnderTest.of(database, kafka).with("--output-format=json").start()) {
        second.process().awaitLine("waiting to take over", PATIENCE);
        database.execute("INSERT INTO t VALUES (2)");
        TopicReader.await(kafka, database.name() + ".t", 2);
        first.kill9();
        second.awaitStreaming();
        database.execute("INSERT INTO t VALUES (3)");

        assertThat(TopicReader.await(kafka, database.name() + ".t", 3))
            .extracting(r -> text(r.key()))
            .containsExactly("{\"id\":1}", "{\"id\":2}", "{\"id\":3}");
        assertThat(second.stop()).isZero();
      }
    }
  }

  @Test
  void takesOverFromAPumpThatIsStoppedAndThatOneWritesNothingMore() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
      try (PumpUnderTest first =
              PumpUnderTest.of(database, kafka).with("--output-format=json").startStreaming();
          PumpUnderTest second =
              PumpUnderTest.of(database, kafka).with("--output-format=json").start()) {
        second.process().awaitLine("waiting to take over", PATIENCE);
        first.process().suspend();
        second.process().awaitLine("has been silent", PATIENCE);
        second.awaitStreaming();
        database.execute("INSERT INTO t VALUES (2)");
        TopicReader.await(kafka, database.name() + ".t", 2);
        first.process().resume();
        database.execute("INSERT INTO t VALUES (3)");
        first.process().awaitLine("waiting to take over|BW-FENCED", PATIENCE);

        assertThat(TopicReader.await(kafka, database.name() + ".t", 3))
            .extracting(r -> text(r.key()))
            .containsExactly("{\"id\":1}", "{\"id\":2}", "{\"id\":3}");
        assertThat(second.stop()).isZero();
      }
    }
  }
}
