package io.bottledwater.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.failpoint.Failpoint;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * The promise itself: whoever reads the topic has the table. A million rows, written to while the
 * snapshot runs and while the pump is killed again and again; and no change has come twice.
 */
class RebuildTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int ROWS = 1_000_000;

  private final TestKafka kafka = TestKafka.shared();

  @Test
  void rebuildsTheTableFromItsTopicAfterKillsInSnapshotAndStream() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute(
          "CREATE TABLE items (id bigint PRIMARY KEY, customer int, amount numeric(12,2),"
              + " note text, created timestamptz, active boolean)",
          "INSERT INTO items SELECT i, i % 1000, i * 0.01, 'note ' || i,"
              + " timestamptz '2020-01-01 00:00:00Z' + i * interval '1 second', i % 2 = 0"
              + " FROM generate_series(0, "
              + (ROWS - 1)
              + ") i");
      String topic = database.name() + ".items";
      PumpUnderTest pump =
          PumpUnderTest.of(database, kafka).with("--output-format=json", "--snapshot-threads=2");
      try (RandomWriter first = new RandomWriter(database, ROWS, 0, 1);
          RandomWriter second = new RandomWriter(database, ROWS, 1, 2)) {
        // A kill from outside could come too late on a quick machine.
        pump.haltingAt("CHUNK_COMMITTED:1").start();
        assertThat(pump.process().awaitExit(PATIENCE)).isEqualTo(Failpoint.EXIT_CODE);
        pump.close();

        pump.haltingAt("").start();
        pump.process().awaitLine("Going on with the snapshot", PATIENCE);
        pump.awaitStreaming();
        for (int kill = 0; kill < 3; kill++) {
          long before = size(topic);
          TopicReader.until("the stream to go on", () -> size(topic) > before + 500);
          pump.kill9();
          pump.start();
          pump.awaitStreaming();
        }
        assertThat(first.committed()).isPositive();
        assertThat(second.committed()).isPositive();
      }
      database.execute("INSERT INTO items VALUES (-1, 0, 0, 'the end', now(), true)");
      RebuiltTable rebuilt = RebuiltTable.read(kafka, topic);

      assertThat(pump.stop()).isZero();
      assertThat(rebuilt.rows()).isEqualTo(RebuiltTable.inDatabase(database));
    }
  }

  private long size(String topic) {
    return RebuiltTable.size(kafka, topic);
  }
}
