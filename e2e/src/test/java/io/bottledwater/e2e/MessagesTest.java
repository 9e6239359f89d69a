package io.bottledwater.e2e;

import static io.bottledwater.e2e.TopicReader.header;
import static io.bottledwater.e2e.TopicReader.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logical messages. */
class MessagesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TestKafka kafka = TestKafka.shared();

  @ParameterizedTest
  @ValueSource(ints = {14, 18})
  void liesInCommitOrderWithTheRowsAroundIt(int version) throws Exception {
    try (TestDatabase database = TestPostgres.version(version).newDatabase()) {
      database.execute("CREATE TABLE t (id int PRIMARY KEY)");
      try (PumpUnderTest pump = pump(database, "--messages=audit*,bin").startStreaming();
          Connection connection = database.open();
          Statement statement = connection.createStatement()) {
        statement.execute("BEGIN");
        statement.execute("INSERT INTO t VALUES (1)");
        statement.execute("SELECT pg_logical_emit_message(true, 'audit', 'within \u00e9')");
        statement.execute("INSERT INTO t VALUES (2)");
        statement.execute("SELECT pg_logical_emit_message(false, 'audit', 'at once')");
        statement.execute("SELECT pg_logical_emit_message(true, 'other', 'not asked for')");
        statement.execute("COMMIT");
        statement.execute("BEGIN");
        statement.execute("SELECT pg_logical_emit_message(true, 'audit', 'taken back')");
        statement.execute("SELECT pg_logical_emit_message(false, 'audit.x', 'all the same')");
        statement.execute("ROLLBACK");
        statement.execute("SELECT pg_logical_emit_message(true, 'bin', '\\xff00'::bytea)");
        statement.execute("INSERT INTO t VALUES (3)");

        List<ConsumerRecord<byte[], byte[]>> messages =
            TopicReader.await(kafka, topic(database), 4);
        List<String> told = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : messages) {
          JsonNode value = JSON.readTree(record.value());
          assertThat(header(record, "bw.op")).isEqualTo("m");
          assertThat(JSON.readTree(record.key()).get("prefix")).isEqualTo(value.get("prefix"));
          told.add(
              value.get("prefix").asText()
                  + " "
                  + value.get("text").asText()
                  + " "
                  + value.get("content").asText()
                  + " "
                  + value.get("transactional").asBoolean());
        }
        assertThat(told)
            .containsExactlyInAnyOrder(
                "audit at once \\x6174206f6e6365 false",
                "audit within \u00e9 \\x77697468696e20c3a9 true",
                "audit.x all the same \\x616c6c207468652073616d65 false",
                "bin null \\xff00 true");
        ConsumerRecord<byte[], byte[]> within =
            messages.stream().filter(r -> text(r.value()).contains("within")).findFirst().get();
        List<ConsumerRecord<byte[], byte[]>> rows =
            TopicReader.await(kafka, database.name() + ".t", 3);
        assertThat(header(within, "bw.lsn")).isEqualTo(header(rows.get(0), "bw.lsn"));
        assertThat(
                List.of(
                    header(rows.get(0), "bw.seq"),
                    header(within, "bw.seq"),
                    header(rows.get(1), "bw.seq")))
            .containsExactly("0", "1", "2");
        assertThat(pump.stop()).isZero();
      }
    }
  }

  @Test
  void comesOnceWhateverHappensToThePump() throws Exception {
    int count = 600;
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute("CREATE TABLE t (id int PRIMARY KEY)");
      PumpUnderTest pump = pump(database, "--messages=on").startStreaming();
      try (Connection connection = database.open();
          Statement statement = connection.createStatement()) {
        for (int i = 0; i < count; i++) {
          statement.execute(
              "SELECT pg_logical_emit_message(" + (i % 3 == 0) + ", 'n', '" + i + "')");
          if (i % 5 == 0) {
            statement.execute("INSERT INTO t VALUES (" + i + ")");
          }
          if (i % 150 == 149) {
            TopicReader.await(kafka, topic(database), i / 2);
            pump.kill9();
            pump = pump(database, "--messages=on").start();
          }
        }
        statement.execute("INSERT INTO t VALUES (-1)");
        List<String> told = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record :
            TopicReader.await(kafka, topic(database), count)) {
          told.add(JSON.readTree(record.value()).get("text").asText());
        }
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          expected.add(Integer.toString(i));
        }
        assertThat(told).isEqualTo(expected);
        pump.awaitStreaming();
        assertThat(pump.stop()).isZero();
      } finally {
        pump.close();
      }
      // A clean restart sends none again.
      try (PumpUnderTest again = pump(database, "--messages=on").startStreaming()) {
        database.execute("SELECT pg_logical_emit_message(true, 'n', 'last')");
        assertThat(TopicReader.await(kafka, topic(database), count + 1)).hasSize(count + 1);
        assertThat(again.stop()).isZero();
      }
    }
  }

  @Test
  void isRefusedBelow14() {
    try (TestDatabase database = TestPostgres.version(10).newDatabase()) {
      database.execute("CREATE TABLE t (id int PRIMARY KEY)");
      try (PumpUnderTest pump = pump(database, "--messages=on").start()) {
        PumpUnderTest.End end = pump.awaitEnd();
        assertThat(end.code()).isEqualTo(3);
        assertThat(end.lastLine()).contains("BW-PG-VERSION", "--messages", "14");
      }
    }
  }

  private PumpUnderTest pump(TestDatabase database, String option) {
    return PumpUnderTest.of(database, kafka).with("--output-format=json", option);
  }

  private static String topic(TestDatabase database) {
    return database.name() + ".bottledwater.messages";
  }
}
