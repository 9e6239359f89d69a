package io.bottledwater.e2e;

import static io.bottledwater.e2e.TopicReader.header;
import static io.bottledwater.e2e.TopicReader.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large values that an update leaves out of the WAL. */
class ToastTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TestKafka kafka = TestKafka.shared();

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void writesLargeValuesThatAnUpdateDidNotTouch(int version) throws Exception {
    try (TestDatabase database = TestPostgres.version(version).newDatabase()) {
      database.execute(
          "CREATE EXTENSION ltree",
          // 8 KB, 100 KB and 1 MB that do not compress.
          "CREATE TABLE by_default (id int PRIMARY KEY, n int, body text)",
          "INSERT INTO by_default SELECT i, 0, (SELECT string_agg(md5(i::text || j), '')"
              + " FROM generate_series(1, (ARRAY[256, 3200, 32768])[i]) j)"
              + " FROM generate_series(1, 3) i",
          "INSERT INTO by_default SELECT i, 0, body FROM by_default, generate_series(4, 23) i"
              + " WHERE id = 1",
          "CREATE TABLE by_full (id int PRIMARY KEY, n int, body text)",
          "ALTER TABLE by_full REPLICA IDENTITY FULL",
          "INSERT INTO by_full SELECT * FROM by_default",
          // Its operators are not among pg_catalog's.
          "CREATE TABLE by_path (id ltree PRIMARY KEY, n int, body text)",
          "INSERT INTO by_path SELECT ('r.' || id)::ltree, n, body FROM by_default");
      Map<String, String> bodies = new HashMap<>();
      for (String row : database.query("SELECT id || ' ' || body FROM by_default")) {
        bodies.put(row.substring(0, row.indexOf(' ')), row.substring(row.indexOf(' ') + 1));
      }
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka)
              .with("--output-format=json", "-T", "max.message.bytes=8388608")
              .startStreaming()) {
        for (String table : List.of("by_default", "by_full", "by_path")) {
          String of3 = table.equals("by_path") ? "'r.3'" : "3";
          String of4 = table.equals("by_path") ? "'r.4'" : "4";
          String from5 =
              table.equals("by_path")
                  ? "id <@ 'r' AND NOT id <@ ARRAY['r.1','r.2','r.3','r.4']::ltree[]"
                  : "id BETWEEN 5 AND 23";
          String rekeyed = table.equals("by_path") ? "('s.' || id::text)::ltree" : "id + 100";
          database.execute(
              "UPDATE " + table + " SET n = 1",
              "UPDATE " + table + " SET id = " + rekeyed + " WHERE id = " + of3,
              "BEGIN",
              "UPDATE " + table + " SET n = 2 WHERE id = " + of4,
              "DELETE FROM " + table + " WHERE id = " + of4,
              "COMMIT",
              "UPDATE " + table + " SET n = 3 WHERE " + from5 + " AND n = 1",
              "DELETE FROM " + table + " WHERE n = 3",
              "INSERT INTO "
                  + table
                  + " VALUES ("
                  + (table.equals("by_path") ? "'end'" : "-1")
                  + ", 0, NULL)");
        }

        for (String table : List.of("by_default", "by_full", "by_path")) {
          String topic = database.name() + "." + table;
          TopicReader.until("the last row of " + table, () -> lastIsEnd(topic));
          List<ConsumerRecord<byte[], byte[]>> records = TopicReader.read(kafka, topic);
          for (ConsumerRecord<byte[], byte[]> record : records) {
            if ("u".equals(header(record, "bw.op"))) {
              JsonNode row = JSON.readTree(record.value());
              String id = row.get("id").asText().replaceFirst("^.*r\\.", "");
              String original = id.equals("103") ? "3" : id;
              assertThat(row.get("body").asText()).isEqualTo(bodies.get(original));
            }
          }
          Map<String, JsonNode> expected = new HashMap<>();
          for (String row : database.query("SELECT row_to_json(t)::text FROM " + table + " t")) {
            expected.put(JSON.readTree(row).get("id").asText(), JSON.readTree(row));
          }
          Map<String, JsonNode> rebuilt = new HashMap<>();
          for (String value : TopicReader.newest(records).values()) {
            rebuilt.put(JSON.readTree(value).get("id").asText(), JSON.readTree(value));
          }
          assertThat(rebuilt.keySet()).hasSize(4).isEqualTo(expected.keySet());
          assertThat(rebuilt.equals(expected)).isTrue();
        }
        assertThat(records(database.name() + ".by_full", "u")).isEqualTo(23 + 1 + 1 + 19);
        assertThat(pump.stop()).isZero();
      }
    }
  }

  private long records(String topic, String operation) {
    return TopicReader.read(kafka, topic).stream()
        .filter(record -> operation.equals(header(record, "bw.op")))
        .count();
  }

  private boolean lastIsEnd(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = TopicReader.read(kafka, topic);
    String key = text(records.get(records.size() - 1).key());
    return key.equals("{\"id\":-1}") || key.equals("{\"id\":\"end\"}");
  }
}
