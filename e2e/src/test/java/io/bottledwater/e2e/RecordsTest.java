package io.bottledwater.e2e;

import static io.bottledwater.e2e.TopicReader.header;
import static io.bottledwater.e2e.TopicReader.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Topics, keys, values, headers and their order, as a consumer sees them. */
class RecordsTest {
  private final TestKafka kafka = TestKafka.shared();

  @ParameterizedTest
  @ValueSource(ints = {10, 14, 15, 17, 18})
  void writesRowsThenChangesInOrder(int version) {
    try (TestDatabase database = TestPostgres.version(version).newDatabase()) {
      database.execute(
          "CREATE TABLE users (id bigint PRIMARY KEY, name text, born date)",
          "INSERT INTO users VALUES (1, 'Ann', '1990-01-02'), (2, NULL, NULL)");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka).with("--output-format=json").startStreaming()) {
        database.execute(
            "INSERT INTO users VALUES (3, 'Cid', '2000-02-29')",
            "UPDATE users SET name = 'Bea' WHERE id = 2",
            "UPDATE users SET id = 4 WHERE id = 3",
            "DELETE FROM users WHERE id = 1");

        List<ConsumerRecord<byte[], byte[]>> records =
            TopicReader.await(kafka, database.name() + ".users", 7);

        assertThat(records)
            .extracting(r -> header(r, "bw.op") + " " + text(r.key()) + " " + text(r.value()))
            .containsExactly(
                "r {\"id\":1} {\"id\":1,\"name\":\"Ann\",\"born\":\"1990-01-02\"}",
                "r {\"id\":2} {\"id\":2,\"name\":null,\"born\":null}",
                "c {\"id\":3} {\"id\":3,\"name\":\"Cid\",\"born\":\"2000-02-29\"}",
                "u {\"id\":2} {\"id\":2,\"name\":\"Bea\",\"born\":null}",
                "d {\"id\":3} null",
                "u {\"id\":4} {\"id\":4,\"name\":\"Cid\",\"born\":\"2000-02-29\"}",
                "d {\"id\":1} null");
        assertThat(pump.stop()).isZero();
      }
    }
  }
}
