package io.bottledwater.e2e;

import static io.bottledwater.e2e.TopicReader.lines;
import static io.bottledwater.e2e.TopicReader.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns that are left out or masked, rows that are filtered. */
class RulesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SALT = "0123456789abcdef-salt";

  private final TestKafka kafka = TestKafka.shared();

  @ParameterizedTest
  @ValueSource(ints = {14, 17})
  void leavesColumnsOutAndMasksThemInSnapshotAndStream(int version) throws Exception {
    try (TestDatabase database = TestPostgres.version(version).newDatabase()) {
      database.execute(
          "CREATE TABLE users (email text PRIMARY KEY, n int, secret text, phone text, born date,"
              + " card text, note bytea)",
          "ALTER TABLE users REPLICA IDENTITY FULL",
          "CREATE TABLE plain (id int PRIMARY KEY, secret text, big text, token int)",
          "INSERT INTO users VALUES ('ann@x.org', 1, 'hidden-1', '555-1', '2001-02-03',"
              + " '4111-hidden-2', '\\x0102')",
          "INSERT INTO plain SELECT 1, string_agg(md5('hidden' || i), ''),"
              + " string_agg(md5('shown' || i), ''), 7 FROM generate_series(1, 400) i");
      List<String> hidden =
          new ArrayList<>(
              List.of("hidden-1", "555-1", "2001-02-03", "hidden-2", "hidden-3", "ann@", "bea@"));
      hidden.add(database.query("SELECT substr(secret, 1, 32) FROM plain").get(0));
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka)
              .with(
                  "--output-format=json",
                  "--exclude-columns=public.*.secret",
                  "--mask-columns=public.users.email=hash,public.users.phone=null,"
                      + "public.users.card=truncate:4"
                      + ",public.users.note=keep,public.users.b*=redact,public.plain.token=hash",
                  "--mask-salt=" + SALT)
              .startStreaming()) {
        database.execute(
            "UPDATE users SET n = 2, secret = 'hidden-3'",
            "UPDATE users SET email = 'bea@x.org', born = NULL",
            "UPDATE plain SET token = 8",
            "DELETE FROM users");

        String ann = hash("ann@x.org");
        String bea = hash("bea@x.org");
        List<ConsumerRecord<byte[], byte[]>> users =
            TopicReader.await(kafka, database.name() + ".users", 5);
        String rest =
            ",\"phone\":null,\"born\":\"redacted\",\"card\":\"4111\",\"note\":\"\\\\x0102\"}";
        assertThat(lines(users))
            .containsExactly(
                "r {\"email\":\"" + ann + "\"} {\"email\":\"" + ann + "\",\"n\":1" + rest,
                "u {\"email\":\"" + ann + "\"} {\"email\":\"" + ann + "\",\"n\":2" + rest,
                "d {\"email\":\"" + ann + "\"} null",
                "u {\"email\":\""
                    + bea
                    + "\"} {\"email\":\""
                    + bea
                    + "\",\"n\":2"
                    + rest.replace("\"redacted\"", "null"),
                "d {\"email\":\"" + bea + "\"} null");
        List<ConsumerRecord<byte[], byte[]>> plain =
            TopicReader.await(kafka, database.name() + ".plain", 2);
        String big = database.query("SELECT big FROM plain").get(0);
        for (int i = 0; i < 2; i++) {
          JsonNode row = JSON.readTree(plain.get(i).value());
          assertThat(row.has("secret")).isFalse();
          assertThat(row.get("big").asText()).isEqualTo(big);
          assertThat(row.get("token").asText()).isEqualTo(hash(Integer.toString(7 + i)));
        }
        assertThat(pump.stop()).isZero();
        List<String> seen = new ArrayList<>(pump.process().stderr());
        users.forEach(r -> seen.add(text(r.key()) + " " + text(r.value())));
        plain.forEach(r -> seen.add(text(r.key()) + " " + text(r.value())));
        assertThat(seen)
            .noneMatch(line -> line.contains(SALT) || hidden.stream().anyMatch(line::contains));
      }
    }
  }

  @Test
  void stopsRatherThanLetAMaskedColumnThroughUnderAnotherName() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute(
          "CREATE TABLE t (id int PRIMARY KEY, email text)", "INSERT INTO t VALUES (1, 'ann@')");
      try (PumpUnderTest pump = masking(database, "public.t.email=redact").startStreaming()) {
        database.execute(
            "ALTER TABLE t ADD COLUMN more int",
            "INSERT INTO t VALUES (2, 'bea@', 1)",
            "ALTER TABLE t RENAME email TO contact",
            "INSERT INTO t VALUES (3, 'cyd@', 2)");
        PumpUnderTest.End end = pump.awaitEnd();

        assertThat(end.code()).as(end.lastLine()).isEqualTo(2);
        assertThat(end.lastLine())
            .contains("BW-COLUMN-RULE", "public.t.email", "contact")
            .doesNotContain("cyd@");
      }
      String both = "public.t.email=redact,public.t.contact=redact";
      try (PumpUnderTest pump = masking(database, both).start()) {
        assertThat(pump.awaitEnd().lastLine())
            .contains("BW-COLUMN-RULE", "public.t.email", "no column");
      }
      try (PumpUnderTest pump = masking(database, "public.t.*=redact").start()) {
        assertThat(pump.awaitEnd().lastLine()).contains("BW-COLUMN-RULE", "public.t.id", "key");
      }
      String glob = "public.t.id=keep,public.t.more=keep,public.t.*=redact";
      try (PumpUnderTest pump = masking(database, glob).startStreaming()) {
        assertThat(lines(TopicReader.await(kafka, database.name() + ".t", 3)))
            .containsExactly(
                "r {\"id\":1} {\"id\":1,\"email\":\"redacted\"}",
                "c {\"id\":2} {\"id\":2,\"email\":\"redacted\",\"more\":1}",
                "c {\"id\":3} {\"id\":3,\"contact\":\"redacted\",\"more\":2}");
        assertThat(pump.stop()).isZero();
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "--exclude-columns=public.t.id; BW-COLUMN-RULE; public.t.id",
        "--mask-columns=public.t.id=truncate:3; BW-COLUMN-RULE; public.t.id",
        "--exclude-columns=public.t.emial; BW-COLUMN-RULE; public.t.emial",
        "--mask-columns=public.t.email=hash; BW-USAGE; BOTTLEDWATER_MASK_SALT",
        "--mask-columns=public.t.email=sha; BW-USAGE; 'sha'",
        "--exclude-columns=t.email; BW-USAGE; schema.table.column",
        "--mask-salt=short; BW-USAGE; salt",
        "--row-filter=public.u*: true; BW-ROW-FILTER; public.u*",
        "--row-filter=public.t: region = 'eu'; BW-ROW-FILTER; REPLICA IDENTITY FULL",
        "--row-filter=public.t: regoin = 'eu'; BW-ROW-FILTER; 42703",
        "--row-filter=public.t: id; BW-ROW-FILTER; 42804",
        "--row-filter=public.t: true) --; BW-USAGE; condition"
      })
  void refusesRulesThatCannotBeKept(String option, String code, String named) {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute("CREATE TABLE t (id int PRIMARY KEY, email text, region text)");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka).with("--output-format=json", option).start()) {
        PumpUnderTest.End end = pump.awaitEnd();

        assertThat(end.code()).isEqualTo(2);
        assertThat(end.lastLine()).contains(code, named);
        assertThat(end.lines()).noneMatch(line -> line.contains("short is"));
        assertThat(
                database.query(
                    "SELECT slot_name FROM pg_replication_slots WHERE database ="
                        + " current_database()"))
            .isEmpty();
      }
    }
  }

  @Test
  void filtersRowsInSnapshotAndStream() {
    try (TestDatabase database = TestPostgres.version(15).newDatabase()) {
      database.execute(
          "CREATE TABLE orders (id int, region text, big text, PRIMARY KEY (id))"
              + " PARTITION BY RANGE (id)",
          "CREATE TABLE low PARTITION OF orders FOR VALUES FROM (0) TO (10)",
          "CREATE TABLE high PARTITION OF orders FOR VALUES FROM (10) TO (20)",
          "ALTER TABLE orders REPLICA IDENTITY FULL",
          "ALTER TABLE low REPLICA IDENTITY FULL",
          "ALTER TABLE high REPLICA IDENTITY FULL",
          "INSERT INTO orders VALUES (1, 'eu', 'x'), (2, 'us', 'y'), (11, 'eu', 'z')");
      String filter = "--row-filter=public.orders: region = 'eu' OR region IS NULL";
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka).with("--output-format=json", filter).startStreaming()) {
        database.execute(
            "INSERT INTO orders VALUES (3, 'us', 'a'), (4, NULL, 'b')",
            "UPDATE orders SET region = 'us' WHERE id = 1",
            "UPDATE orders SET region = 'eu' WHERE id = 2",
            "DELETE FROM orders WHERE id = 3");
        String topic = database.name() + ".orders";
        assertThat(lines(TopicReader.await(kafka, topic, 5)))
            .containsExactlyInAnyOrder(
                "r {\"id\":1} {\"id\":1,\"region\":\"eu\",\"big\":\"x\"}",
                "r {\"id\":11} {\"id\":11,\"region\":\"eu\",\"big\":\"z\"}",
                "c {\"id\":4} {\"id\":4,\"region\":null,\"big\":\"b\"}",
                "d {\"id\":1} null",
                "c {\"id\":2} {\"id\":2,\"region\":\"eu\",\"big\":\"y\"}");
        assertThat(pump.stop()).isZero();

        // The same filter again is no change; another one is.
        pump.startStreaming();
        assertThat(pump.stop()).isZero();
      }
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka)
              .with("--output-format=json", "--row-filter=public.orders: region = 'eu'")
              .start()) {
        PumpUnderTest.End end = pump.awaitEnd();
        assertThat(end.code()).isEqualTo(2);
        assertThat(end.lastLine()).contains("BW-ROW-FILTER", "public.orders", "slot drop");
      }
    }
  }

  @Test
  void entersAFilterWithALargeValueThatTheUpdateLeftOut() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute(
          "CREATE TABLE t (id int, open bool, body text, PRIMARY KEY (id, open))",
          "INSERT INTO t SELECT 1, false, string_agg(md5(i::text), '')"
              + " FROM generate_series(1, 400) i");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka)
              .with("--output-format=json", "--row-filter=public.t: open")
              .startStreaming()) {
        database.execute("UPDATE t SET open = true");
        ConsumerRecord<byte[], byte[]> record =
            TopicReader.await(kafka, database.name() + ".t", 1).get(0);
        assertThat(lines(List.of(record)).get(0))
            .isEqualTo(
                "c {\"id\":1,\"open\":true} {\"id\":1,\"open\":true,\"body\":\""
                    + database.query("SELECT body FROM t").get(0)
                    + "\"}");
        assertThat(pump.stop()).isZero();
      }
    }
  }

  @Test
  void refusesRowFiltersBelow15() {
    try (TestDatabase database = TestPostgres.version(14).newDatabase()) {
      database.execute("CREATE TABLE t (id int PRIMARY KEY)");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka)
              .with("--output-format=json", "--row-filter=public.t: id > 3")
              .start()) {
        PumpUnderTest.End end = pump.awaitEnd();
        assertThat(end.code()).isEqualTo(2);
        assertThat(end.lastLine()).contains("BW-ROW-FILTER", "public.t", "15");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"17, false", "18, true"})
  void showsStoredGeneratedColumnsInSnapshotAndStreamOrInNeither(int version, boolean shown) {
    try (TestDatabase database = TestPostgres.version(version).newDatabase()) {
      database.execute(
          "CREATE TABLE t (id int PRIMARY KEY, n int GENERATED ALWAYS AS (id * 2) STORED, m int)",
          "INSERT INTO t (id, m) VALUES (1, 5)");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka).with("--output-format=json").startStreaming()) {
        database.execute("INSERT INTO t (id, m) VALUES (2, 6)");
        assertThat(lines(TopicReader.await(kafka, database.name() + ".t", 2)))
            .containsExactly(
                "r {\"id\":1} {\"id\":1," + (shown ? "\"n\":2," : "") + "\"m\":5}",
                "c {\"id\":2} {\"id\":2," + (shown ? "\"n\":4," : "") + "\"m\":6}");
        assertThat(pump.stop()).isZero();
        assertThat(pump.process().stderr().stream().anyMatch(line -> line.contains("public.t.n")))
            .isEqualTo(!shown);
      }
    }
  }

  @Test
  void masksTheOldRowToo() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute(
          "CREATE TABLE t (secret text, id int PRIMARY KEY, email text)",
          "ALTER TABLE t REPLICA IDENTITY FULL",
          "INSERT INTO t VALUES ('hidden-1', 1, 'ann@x.org')");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka)
              .with(
                  "--output-format=json",
                  "--envelope=debezium",
                  "--exclude-columns=public.t.secret",
                  "--mask-columns=public.t.email=redact")
              .startStreaming()) {
        database.execute("UPDATE t SET secret = 'hidden-2', email = 'bea@x.org'", "DELETE FROM t");
        List<ConsumerRecord<byte[], byte[]>> records =
            TopicReader.await(kafka, database.name() + ".public.t", 4);
        String row = "{\"id\":1,\"email\":\"redacted\"}";
        assertThat(JSON.readTree(records.get(1).value()).get("before").toString()).isEqualTo(row);
        assertThat(JSON.readTree(records.get(1).value()).get("after").toString()).isEqualTo(row);
        assertThat(JSON.readTree(records.get(2).value()).get("before").toString()).isEqualTo(row);
        assertThat(records)
            .noneMatch(r -> r.value() != null && text(r.value()).matches(".*(hidden|@x).*"));
        assertThat(pump.stop()).isZero();
      }
    }
  }

  private PumpUnderTest masking(TestDatabase database, String masks) {
    return PumpUnderTest.of(database, kafka)
        .with("--output-format=json", "--mask-columns=" + masks);
  }

  private static String hash(String value) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SALT.getBytes(UTF_8), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(value.getBytes(UTF_8)));
  }
}
