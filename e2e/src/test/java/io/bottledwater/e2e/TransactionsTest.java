package io.bottledwater.e2e;

import static io.bottledwater.e2e.TopicReader.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.embedded.postgres.EmbeddedPostgres;
import io.bottledwater.testkit.TemporaryDirectories;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

/** What a record says of its transaction, and what of a transaction becomes records. */
class TransactionsTest {
  private final TestKafka kafka = TestKafka.shared();

  @Test
  void saysWhichCommitARecordBelongsToAndGoesOnAfterTheServerCrashed() {
    Path directory = TemporaryDirectories.create("commits");
    try (EmbeddedPostgres server =
            TestPostgres.builder(17)
                .dataDirectory(directory)
                .setting("track_commit_timestamp", "on")
                .start();
        TestDatabase database =
            TestDatabase.create(server, "commits_" + Long.toString(System.nanoTime(), 36))) {
      database.execute(
          "CREATE TABLE t (id int PRIMARY KEY, v text)", "INSERT INTO t VALUES (1, 'before')");
      long before = System.currentTimeMillis();
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka).with("--output-format=json").startStreaming()) {
        long streaming = System.currentTimeMillis();
        database.execute(
            "BEGIN",
            "INSERT INTO t VALUES (2, 'a')",
            "SAVEPOINT s",
            "INSERT INTO t VALUES (3, 'never')",
            "UPDATE t SET v = 'never' WHERE id = 2",
            "ROLLBACK TO SAVEPOINT s",
            "UPDATE t SET v = 'b' WHERE id = 2",
            "SAVEPOINT kept",
            "UPDATE t SET id = 4 WHERE id = 2",
            "RELEASE SAVEPOINT kept",
            "RELEASE SAVEPOINT s",
            "INSERT INTO t VALUES (8, 'd')",
            "DELETE FROM t WHERE id = 1",
            "SELECT pg_sleep(0.02)",
            "COMMIT",
            "BEGIN",
            "INSERT INTO t VALUES (5, 'never')",
            "ROLLBACK",
            "INSERT INTO t VALUES (6, 'c')");
        List<ConsumerRecord<byte[], byte[]>> records =
            TopicReader.await(kafka, database.name() + ".t", 8);

        assertThat(TopicReader.lines(records))
            .containsExactly(
                "r {\"id\":1} {\"id\":1,\"v\":\"before\"}",
                "c {\"id\":2} {\"id\":2,\"v\":\"a\"}",
                "u {\"id\":2} {\"id\":2,\"v\":\"b\"}",
                "d {\"id\":2} null",
                "u {\"id\":4} {\"id\":4,\"v\":\"b\"}",
                "c {\"id\":8} {\"id\":8,\"v\":\"d\"}",
                "d {\"id\":1} null",
                "c {\"id\":6} {\"id\":6,\"v\":\"c\"}");
        assertThat(names(records.get(0))).containsExactly("bw.op", "bw.lsn");
        assertThat(records.get(0).timestamp()).isBetween(before, streaming);
        assertThat(records.subList(1, 8))
            .extracting(r -> header(r, "bw.seq"))
            .containsExactly("0", "1", "2", "2", "3", "4", "0");
        List<String> xids =
            database.query("SELECT xmin FROM t WHERE id IN (8, 6) ORDER BY id DESC");
        for (int i = 1; i < 8; i++) {
          ConsumerRecord<byte[], byte[]> record = records.get(i);
          String xid = xids.get(i < 7 ? 0 : 1);
          assertThat(names(record)).containsExactly("bw.op", "bw.lsn", "bw.xid", "bw.seq");
          assertThat(header(record, "bw.xid")).isEqualTo(xid);
          assertThat(Long.toString(record.timestamp()))
              .isEqualTo(
                  database
                      .query(
                          "SELECT floor(extract(epoch FROM pg_xact_commit_timestamp('"
                              + xid
                              + "')) * 1000)::bigint")
                      .get(0));
        }
        String first = header(records.get(1), "bw.lsn");
        String second = header(records.get(7), "bw.lsn");
        assertThat(records.subList(1, 7)).extracting(r -> header(r, "bw.lsn")).containsOnly(first);
        assertThat(
                database.query(
                    "SELECT '"
                        + header(records.get(0), "bw.lsn")
                        + "'::pg_lsn <= '"
                        + first
                        + "'::pg_lsn AND '"
                        + first
                        + "'::pg_lsn < '"
                        + second
                        + "'::pg_lsn AND '"
                        + second
                        + "'::pg_lsn < pg_current_wal_lsn()"))
            .containsExactly("t");

        server.stop(EmbeddedPostgres.StopMode.IMMEDIATE);
        pump.process().awaitLine("BW-PG-UNREACHABLE.*Trying again", Duration.ofSeconds(30));
        server.start();
        database.execute("INSERT INTO t VALUES (7, 'after the crash')");

        assertThat(TopicReader.lines(TopicReader.await(kafka, database.name() + ".t", 9)))
            .hasSize(9)
            .last()
            .isEqualTo("c {\"id\":7} {\"id\":7,\"v\":\"after the crash\"}");
        assertThat(pump.stop()).isZero();
      }
    } finally {
      TemporaryDirectories.delete(directory);
    }
  }

  private static List<String> names(ConsumerRecord<byte[], byte[]> record) {
    return StreamSupport.stream(record.headers().spliterator(), false).map(Header::key).toList();
  }
}
