package io.bottledwater.e2e;

import static io.bottledwater.e2e.TopicReader.header;
import static io.bottledwater.e2e.TopicReader.lines;
import static io.bottledwater.e2e.TopicReader.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An outbox table, whose rows go to the topics that they name. */
class OutboxTest {
  private final TestKafka kafka = TestKafka.shared();

  @ParameterizedTest
  @ValueSource(ints = {10, 17})
  void routesEachInsertedRowOnce(int version) throws Exception {
    try (TestDatabase database = TestPostgres.version(version).newDatabase()) {
      database.execute(
          "CREATE TABLE t (id int PRIMARY KEY)",
          "CREATE TABLE outbox (id uuid, aggregatetype text, aggregateid text, type text,"
              + " payload jsonb, tenant text)",
          "INSERT INTO outbox VALUES ('00000000-0000-0000-0000-000000000001', 'order', 'o-1',"
              + " 'placed', '{\"n\": 1}', NULL)");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka)
              .with(
                  "--output-format=json",
                  "--allow-unkeyed",
                  "--outbox=public.outbox",
                  "--outbox-columns=header=tenant")
              .startStreaming()) {
        database.execute(
            "BEGIN; INSERT INTO outbox VALUES ('00000000-0000-0000-0000-000000000002', 'order',"
                + " 'o-1', 'paid', '{\"n\": 2}', 'acme');"
                + " DELETE FROM outbox WHERE type = 'paid'; COMMIT",
            "INSERT INTO outbox VALUES ('00000000-0000-0000-0000-000000000003', 'a.b/c', NULL,"
                + " 'gone', NULL, NULL)",
            "INSERT INTO t VALUES (1)");
        if (version >= 14) {
          database.execute("TRUNCATE outbox");
        }

        String order = database.name() + ".outbox.event.order";
        List<ConsumerRecord<byte[], byte[]>> orders = TopicReader.await(kafka, order, 2);
        assertThat(lines(orders)).containsExactly("r o-1 {\"n\": 1}", "c o-1 {\"n\": 2}");
        assertThat(header(orders.get(0), "id")).isEqualTo("00000000-0000-0000-0000-000000000001");
        assertThat(header(orders.get(0), "tenant")).isNull();
        assertThat(header(orders.get(1), "type")).isEqualTo("paid");
        assertThat(header(orders.get(1), "tenant")).isEqualTo("acme");
        assertThat(
                lines(TopicReader.await(kafka, database.name() + ".outbox.event.a_2e_b_2f_c", 1)))
            .containsExactly("c null null");
        assertThat(TopicReader.await(kafka, database.name() + ".t", 1)).hasSize(1);
        assertThat(kafka.admin().listTopics().names().get())
            .doesNotContain(database.name() + ".outbox");
        assertThat(pump.stop()).isZero();
      }
    }
  }

  @Test
  void writesBytesAsTheyAreUnderOtherColumnNames() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute(
          "CREATE SCHEMA app",
          "CREATE TABLE app.events (no bigint PRIMARY KEY, topic text, k int, kind text,"
              + " body bytea)");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka)
              .with(
                  "--output-format=json",
                  "--outbox=app.events",
                  "--headers=off",
                  "--outbox-columns=route=topic,key=k,payload=body,id=no,type=kind")
              .startStreaming()) {
        database.execute(
            "INSERT INTO app.events VALUES (7, 'x', 12, 'made', '\\x00ff41')",
            "UPDATE app.events SET kind = 'changed'",
            "INSERT INTO app.events VALUES (8, 'x', 13, 'made', repeat('a', 100000)::bytea)");
        List<ConsumerRecord<byte[], byte[]>> events =
            TopicReader.await(kafka, database.name() + ".outbox.event.x", 2);

        assertThat(events.get(0).value()).isEqualTo(new byte[] {0, (byte) 0xff, 0x41});
        assertThat(text(events.get(0).key())).isEqualTo("12");
        assertThat(header(events.get(0), "id")).isEqualTo("7");
        assertThat(header(events.get(0), "type")).isEqualTo("made");
        assertThat(events.get(1).value()).hasSize(100000);
        assertThat(pump.stop()).isZero();
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "--outbox=public.outbx; 3; BW-OUTBOX; public.outbx",
        "--outbox=public.t; 3; BW-OUTBOX; aggregatetype",
        "--outbox=public.*; 2; BW-USAGE; one table",
        "--outbox-columns=rute=a; 2; BW-USAGE; rute"
      })
  void refusesWhatIsNoOutbox(String option, int exitCode, String code, String named) {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute("CREATE TABLE t (id int PRIMARY KEY)");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka).with("--output-format=json", option).start()) {
        PumpUnderTest.End end = pump.awaitEnd();
        assertThat(end.code()).isEqualTo(exitCode);
        assertThat(end.lastLine()).contains(code, named);
      }
    }
  }
}
