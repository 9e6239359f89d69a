package io.bottledwater.e2e;

import static io.bottledwater.e2e.TopicReader.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.embedded.postgres.EmbeddedPostgres;
import io.bottledwater.failpoint.Failpoint;
import io.bottledwater.testkit.TemporaryDirectories;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** A backlog is read ahead of the stream, and each change still comes once and in order. */
class CatchUpTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int LAST = -1;
  private static final String READING_AHEAD = "Catching up from";

  private final TestKafka kafka = TestKafka.shared();

  @Test
  void bringsEachChangeOnceOverKillsAndWhileOthersWrite() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase();
        Backlog backlog = new Backlog(database)) {
      PumpUnderTest pump = PumpUnderTest.of(database, kafka).with("--output-format=json");
      pump.startStreaming();
      assertThat(pump.stop()).isZero();

      // Offered but not committed; committed but not confirmed; then somewhere. How much a commit
      // holds depends on the machine, so each run is given a backlog of its own.
      for (String failpoint : List.of("SENT:2", "COMMITTED:1", "COMMITTED:2")) {
        backlog.grow(60_000);
        pump.haltingAt(failpoint).start();
        assertThat(pump.process().awaitExit(PATIENCE)).isEqualTo(Failpoint.EXIT_CODE);
        assertThat(pump.process().stderr()).anyMatch(line -> line.contains(READING_AHEAD));
        assertThat(confirmedBehindTheTip(database)).isTrue();
        pump.close();
      }
      backlog.grow(60_000);
      pump.haltingAt("").start();
      pump.process().awaitLine(READING_AHEAD, PATIENCE);
      pump.kill9();
      backlog.grow(60_000);
      backlog.goOnWriting();
      pump.start();
      pump.process().awaitLine(READING_AHEAD, PATIENCE);
      pump.process().awaitLine("Streaming from", PATIENCE);
      int written = backlog.stopWriting();

      assertThat(keysUntilTheLast(database)).containsExactlyElementsOf(upTo(written));
      assertThat(pump.stop()).isZero();
      TopicReader.until(
          "the copies of the slot to be gone",
          () ->
              database
                  .query("SELECT slot_name FROM pg_replication_slots WHERE temporary")
                  .isEmpty());
    }
  }

  @Test
  void leavesALargeTransactionToTheStreamAndReadsAheadAgainBehindIt() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase();
        Backlog backlog = new Backlog(database)) {
      PumpUnderTest pump = PumpUnderTest.of(database, kafka).with("--output-format=json");
      pump.startStreaming();
      assertThat(pump.stop()).isZero();
      backlog.grow(5_000);
      database.execute(
          "BEGIN",
          "SELECT pg_logical_emit_message(true, 'filler', repeat('x', 1000000))"
              + " FROM generate_series(1, 900)",
          backlog.insert(5_000),
          "COMMIT");
      backlog.grow(5_000);
      int written = backlog.stopWriting();

      pump.start();
      pump.process().awaitLine("on changes come through the stream", PATIENCE);
      List<Integer> keys = keysUntilTheLast(database);

      assertThat(keys).containsExactlyElementsOf(upTo(written));
      assertThat(pump.stop()).isZero();
    }
  }

  @Test
  void leavesTheStreamWhenItFallsBehind() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase();
        Backlog backlog = new Backlog(database)) {
      // The backlog ends with a transaction of which nothing is exported.
      database.execute(
          "CREATE TABLE noise (v text)", "CREATE PUBLICATION everything FOR ALL TABLES");
      PumpUnderTest pump =
          PumpUnderTest.of(database, kafka)
              .with("--output-format=json", "--publication=everything", "--tables=public.t");
      pump.startStreaming();
      pump.process().suspend();
      backlog.grow(120_000);
      database.execute("INSERT INTO noise VALUES ('of no concern')");
      // It looks every five seconds: the first batch is to be late for it.
      Thread.sleep(6000);
      pump.process().resume();

      pump.process().awaitLine(READING_AHEAD, PATIENCE);
      int written = backlog.stopWriting();
      assertThat(keysUntilTheLast(database)).containsExactlyElementsOf(upTo(written));
      assertThat(pump.stop()).isZero();
    }
  }

  @Test
  void takesTheStreamWhereItCannotReadAheadOrMayNot() throws Exception {
    Path directory = TemporaryDirectories.create("one-slot");
    try (EmbeddedPostgres server =
            TestPostgres.builder(17)
                .dataDirectory(directory)
                .setting("max_replication_slots", "1")
                .start();
        TestDatabase database =
            TestDatabase.create(server, "one_slot_" + Long.toString(System.nanoTime(), 36));
        Backlog backlog = new Backlog(database)) {
      PumpUnderTest pump = PumpUnderTest.of(database, kafka).with("--output-format=json");
      pump.startStreaming();
      assertThat(pump.stop()).isZero();
      backlog.grow(40_000);
      int written = backlog.stopWriting();

      pump.start();
      pump.process().awaitLine("cannot be read ahead of the stream \\(SQLSTATE 53400\\)", PATIENCE);
      pump.process().awaitLine("Streaming from", PATIENCE);
      pump.kill9();
      pump.with("--catch-up=off").startStreaming();
      assertThat(keysUntilTheLast(database)).containsExactlyElementsOf(upTo(written));
      assertThat(pump.stop()).isZero();
      assertThat(pump.process().stderr()).noneMatch(line -> line.contains("ahead"));
    } finally {
      TemporaryDirectories.delete(directory);
    }
  }

  private static boolean confirmedBehindTheTip(TestDatabase database) {
    return database
        .query(
            "SELECT pg_current_wal_lsn() - confirmed_flush_lsn > 16 * 1024 * 1024"
                + " FROM pg_replication_slots WHERE slot_name = '"
                + database.name()
                + "'")
        .equals(List.of("t"));
  }

  private static List<Integer> upTo(int written) {
    List<Integer> keys = new ArrayList<>(IntStream.rangeClosed(1, written).boxed().toList());
    keys.add(LAST);
    return keys;
  }

  private List<Integer> keysUntilTheLast(TestDatabase database) {
    List<Integer> keys = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (KafkaConsumer<byte[], byte[]> consumer = kafka.consumer(IsolationLevel.READ_COMMITTED)) {
      TopicPartition partition = new TopicPartition(database.name() + ".t", 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      while (!keys.contains(LAST)) {
        assertThat(System.nanoTime()).as("only %s keys came", keys.size()).isLessThan(deadline);
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          keys.add(Integer.parseInt(text(record.key()).replaceAll("[^-0-9]", "")));
        }
      }
    }
    return keys;
  }

  /** Writes rows 1, 2, 3 ... of 600 bytes, in transactions of many sizes. One thread at a time. */
  private static final class Backlog implements AutoCloseable {
    private final TestDatabase database;
    private final AtomicBoolean writing = new AtomicBoolean();
    private int written;
    private Thread writer = new Thread();

    Backlog(TestDatabase database) {
      this.database = database;
      database.execute("CREATE TABLE t (id int PRIMARY KEY, v text)");
    }

    void grow(int rows) {
      List<String> statements = new ArrayList<>();
      for (int end = written + rows; written < end; ) {
        statements.add(insert(Math.min(end - written, 1 + written % 997)));
      }
      database.execute(statements.toArray(new String[0]));
    }

    String insert(int rows) {
      int first = written + 1;
      written += rows;
      return "INSERT INTO t SELECT i, repeat(md5(i::text), 18) FROM generate_series("
          + first
          + ", "
          + written
          + ") i";
    }

    void goOnWriting() {
      writing.set(true);
      writer =
          new Thread(
              () -> {
                while (writing.get()) {
                  database.execute(insert(7), insert(1));
                }
              });
      writer.start();
    }

    /** Writes a last row, and says how many came before it. */
    int stopWriting() throws InterruptedException {
      writing.set(false);
      writer.join();
      database.execute("INSERT INTO t VALUES (" + LAST + ", 'the last')");
      return written;
    }

    @Override
    public void close() throws InterruptedException {
      writing.set(false);
      writer.join();
    }
  }
}
