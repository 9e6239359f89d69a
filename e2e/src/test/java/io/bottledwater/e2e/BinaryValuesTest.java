package io.bottledwater.e2e;

import static io.bottledwater.e2e.TopicReader.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.registry.server.SchemaRegistryServer;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Changes whose values come in binary become the same records as those whose values come as text,
 * and where binary does not do, text takes over and nothing is lost or repeated.
 */
class BinaryValuesTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String TEXT_FROM_THE_START = "Changes come with their values as text, ";
  private static final String TEXT_FROM_HERE = "Changes come with their values as text from here";
  private static final String LARGE =
      "(SELECT string_agg(md5(random()::text || i), '') FROM generate_series(1, 200) i)";

  private final TestKafka kafka = TestKafka.shared();
  private SchemaRegistryServer registry;
  private int lastRows;

  @BeforeEach
  void startRegistry() throws Exception {
    registry =
        SchemaRegistryServer.start(
            SchemaRegistryServer.Settings.of("127.0.0.1", 0, kafka.bootstrapServers()));
  }

  @AfterEach
  void stopRegistry() {
    registry.close();
  }

  @ParameterizedTest
  @CsvSource({"14,json", "15,avro", "17,json", "18,protobuf"})
  void becomeTheSameRecordsAsText(int version, String format) throws Exception {
    try (TestDatabase database = TestPostgres.version(version).newDatabase()) {
      database.execute(
          "CREATE TYPE mood AS ENUM ('sad', 'ok', 'Überfroh')",
          "CREATE DOMAIN cents AS numeric(12,2)",
          "CREATE TABLE t (k int, l uuid, b boolean, s smallint, i bigint, o oid, f real,"
              + " d double precision, n numeric, p numeric(20,5), m money, v varchar(40), c char(5),"
              + " e mood, c2 cents, day date, tod time, toz timetz, ts timestamp, tz timestamptz,"
              + " iv interval, j json, jb jsonb, bytes bytea, ia int[], ta text[], na numeric[],"
              + " note text, PRIMARY KEY (k, l))",
          "ALTER TABLE t ALTER note SET STORAGE EXTERNAL",
          "CREATE TABLE last (id int PRIMARY KEY)");
      try (PumpUnderTest binary = pump(database, format, "binary", "auto");
          PumpUnderTest text = pump(database, format, "text", "text")) {
        binary.startStreaming();
        text.startStreaming();
        assertThat(askedForBinary(database)).containsExactlyInAnyOrder("false", "true");
        for (int i = 0; i < 40; i++) {
          database.execute(
              row(i), "UPDATE t SET k = k + 1000, note = 'n' WHERE k % 7 = 3 AND k < 1000");
        }
        database.execute(
            "UPDATE t SET note = " + LARGE + " WHERE k < 5",
            // The large value stays where it is, and is looked up by a key in binary.
            "UPDATE t SET s = 7 WHERE k < 5");
        // Before the row is another one: an update whose value is gone may be skipped.
        awaitAll(database, "binary", "text");
        database.execute("UPDATE t SET s = 8, k = k + 2000 WHERE k = 1");
        awaitAll(database, "binary", "text");
        database.execute(
            "DELETE FROM t WHERE k % 5 = 0",
            "ALTER TABLE t REPLICA IDENTITY FULL",
            "UPDATE t SET b = NOT b",
            "DELETE FROM t WHERE k % 3 = 0");
        awaitAll(database, "binary", "text");
        assertThat(records(database, format, "binary"))
            .hasSizeGreaterThan(100)
            .isEqualTo(records(database, format, "text"));
        assertThat(binary.stop()).isZero();
        assertThat(text.stop()).isZero();
        assertThat(binary.process().stderr()).noneMatch(line -> line.contains("values as text"));
      }
    }
  }

  @Test
  void giveWayToTextInTheMiddleOfABacklogAndOfTheStream() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute("CREATE TABLE t (id int PRIMARY KEY, v text)");
      try (PumpUnderTest pump = pump(database, "json", "p", "auto")) {
        pump.startStreaming();
        assertThat(pump.stop()).isZero();
        // What the catalog says at the start is not what the backlog holds.
        database.execute(
            grow(1, 40_000),
            "BEGIN",
            "INSERT INTO t VALUES (40001, 'a')",
            "ALTER TABLE t ADD net inet",
            "INSERT INTO t VALUES (40002, 'b', '10.0.0.0/8')",
            "COMMIT",
            "ALTER TABLE t DROP net",
            grow(40_003, 80_000));
        pump.start();
        pump.process().awaitLine("Catching up from", PATIENCE);
        pump.process().awaitLine(TEXT_FROM_HERE + ".*public.t.net \\(inet\\)", PATIENCE);
        assertThat(ids(database, 80_000)).containsExactlyElementsOf(numbers(80_000));
        assertThat(pump.stop()).isZero();
      }
      try (PumpUnderTest pump = pump(database, "json", "p", "auto")) {
        pump.startStreaming();
        database.execute("INSERT INTO t VALUES (80001, 'c')");
        assertThat(ids(database, 80_001)).hasSize(80_001);
        database.execute(
            "ALTER TABLE t ADD r int4range", "INSERT INTO t VALUES (80002, 'd', '[1,5)')");
        pump.process().awaitLine(TEXT_FROM_HERE + ".*public.t.r \\(int4range\\)", PATIENCE);
        database.execute("INSERT INTO t VALUES (80003, 'e', NULL)");
        assertThat(ids(database, 80_003)).containsExactlyElementsOf(numbers(80_003));
        assertThat(pump.stop()).isZero();
      }
      try (PumpUnderTest pump = pump(database, "json", "p", "auto")) {
        pump.startStreaming();
        assertThat(pump.stop()).isZero();
        assertThat(pump.process().stderr())
            .anyMatch(line -> line.contains(TEXT_FROM_THE_START) && line.contains("public.t.r"));
      }
    }
  }

  @Test
  void giveWayToTextWhereTheServerHasNoBinaryFormOrTheKeyIsNotUnderstood() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute(
          "CREATE TABLE t (id int PRIMARY KEY, v text)",
          "CREATE TABLE docs (id numeric PRIMARY KEY, v int, body text)",
          "ALTER TABLE docs ALTER body SET STORAGE EXTERNAL",
          "INSERT INTO docs VALUES (1.50, 0, " + LARGE + ")");
      try (PumpUnderTest pump = pump(database, "json", "p", "auto").startStreaming()) {
        // The function that would write such an array in binary refuses to.
        database.execute(
            "ALTER TABLE t ADD acl aclitem[]",
            "INSERT INTO t VALUES (1, 'a', ARRAY[makeaclitem(10, 10, 'SELECT', false)])");
        pump.process().awaitLine(TEXT_FROM_HERE, PATIENCE);
        assertThat(ids(database, 1)).containsExactly(1);
        assertThat(pump.stop()).isZero();
      }
      database.execute("ALTER TABLE t DROP acl");
      try (PumpUnderTest pump = pump(database, "json", "p", "auto").startStreaming()) {
        database.execute("UPDATE docs SET v = 1");
        pump.process().awaitLine(TEXT_FROM_HERE + ".*key of type numeric", PATIENCE);
        String topic = topic(database, "p", "docs");
        TopicReader.await(kafka, topic, 2);
        assertThat(database.query("SELECT body FROM docs"))
            .allSatisfy(
                body ->
                    assertThat(TopicReader.lines(TopicReader.read(kafka, topic)).get(1))
                        .isEqualTo(
                            "u {\"id\":1.50} {\"id\":1.50,\"v\":1,\"body\":\"" + body + "\"}"));
        assertThat(pump.stop()).isZero();
      }
    }
  }

  @Test
  void areInUtf8WhateverTheDatabaseIsIn() throws Exception {
    String name = "latin_" + Long.toString(System.nanoTime(), 36);
    try (TestDatabase other = TestPostgres.version(17).newDatabase();
        TestDatabase database = TestDatabase.of(other.server(), name)) {
      other.execute(
          "CREATE DATABASE "
              + name
              + " ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0");
      database.execute(
          "CREATE TYPE dish AS ENUM ('crêpe')",
          "CREATE TABLE t (id int PRIMARY KEY, v varchar(9), c char(7), e dish, j jsonb, a text[])",
          "CREATE TABLE last (id int PRIMARY KEY)",
          "INSERT INTO t VALUES (1, 'crêpe', 'crêpe', 'crêpe', '{\"ê\": \"è\"}', '{crêpe,NULL}')");
      try (PumpUnderTest binary = pump(database, "json", "binary", "auto");
          PumpUnderTest text = pump(database, "json", "text", "text")) {
        binary.startStreaming();
        text.startStreaming();
        database.execute("UPDATE t SET id = 2");
        awaitAll(database, "binary", "text");
        assertThat(
                TopicReader.lines(TopicReader.read(kafka, topic(database, "binary", "t"))).get(2))
            .isEqualTo(
                "u {\"id\":2} {\"id\":2,\"v\":\"crêpe\",\"c\":\"crêpe  \",\"e\":\"crêpe\","
                    + "\"j\":{\"ê\":\"è\"},\"a\":[\"crêpe\",null]}");
        assertThat(records(database, "json", "binary"))
            .isEqualTo(records(database, "json", "text"))
            .hasSize(3);
        assertThat(binary.stop()).isZero();
        assertThat(text.stop()).isZero();
        assertThat(binary.process().stderr()).noneMatch(line -> line.contains("values as text"));
      }
    }
  }

  private PumpUnderTest pump(TestDatabase database, String format, String name, String form) {
    return PumpUnderTest.of(database, kafka)
        .slot(database.name() + "_" + name)
        .topicPrefix(database.name() + "_" + name)
        .with(
            "--output-format=" + format,
            "--schema-registry=http://127.0.0.1:" + registry.address().getPort(),
            "--publication=" + database.name(),
            "--value-form=" + form);
  }

  private static String topic(TestDatabase database, String name, String table) {
    return database.name() + "_" + name + "." + table;
  }

  private static List<String> askedForBinary(TestDatabase database) {
    return database.query(
        "SELECT (query LIKE '%\"binary\"%')::text FROM pg_stat_activity"
            + " WHERE backend_type = 'walsender' AND datname = current_database()");
  }

  private static String row(int i) {
    return String.format(
        Locale.ROOT,
        "INSERT INTO t SELECT %1$d, md5('%1$d')::uuid, %1$d %% 2 = 0, (%1$d * 1601 - 32000)::smallint,"
            + " (%1$d - 20) * 461168601842738790, (%1$d::bigint * 107374182)::oid,"
            + " (%1$d - 20) * 1.17e-3::real, ((%1$d - 20) * 1e300 / 7)::double precision,"
            + " ((%1$d - 20) * power(10::numeric, %1$d - 20))::numeric,"
            + " (%1$d - 20) * 12345678901.23456, (%1$d * 123456.78)::numeric::money,"
            + " repeat('ü', %1$d), chr(65 + %1$d %% 26), (enum_range(NULL::mood))[1 + %1$d %% 3],"
            + " %1$d - 20.005, date '0001-01-01' + (%1$d - 20) * 36500,"
            + " time '00:00' + %1$d * interval '37:31.25', timetz '23:59:59.5+05:30',"
            + " timestamp '1999-12-31 23:59:59.999999' + (%1$d - 20) * interval '97 years 1 us',"
            + " timestamptz '2000-01-01 00:00:00Z' - %1$d * interval '51 years 1 us',"
            + " (%1$d - 20) * interval '1 year -3 days 04:05:06.789',"
            + " '{\"a\": [1,  %1$d]}', '{\"b\": %1$d.50, \"a\": \"ü\"}', decode(md5('%1$d'), 'hex'),"
            + " ARRAY[%1$d, NULL, -%1$d], ARRAY['a \"%1$d\"', NULL, 'NULL', ''],"
            + " ARRAY[%1$d.10, 'NaN'::numeric], 'note %1$d'",
        i);
  }

  private static String grow(int first, int last) {
    return "INSERT INTO t SELECT i, repeat(md5(i::text), 12) FROM generate_series("
        + first
        + ", "
        + last
        + ") i";
  }

  /** All records, but for the schemas' ids, which differ from topic to topic. */
  private List<String> records(TestDatabase database, String format, String name) {
    int skipped = format.equals("json") ? 0 : 5;
    return TopicReader.read(kafka, topic(database, name, "t")).stream()
        .map(
            record ->
                TopicReader.header(record, "bw.op")
                    + " "
                    + hex(record.key(), skipped)
                    + " "
                    + hex(record.value(), skipped))
        .toList();
  }

  // By the second one the Kafka transaction that holds the first is over, and all before it.
  private void awaitAll(TestDatabase database, String... names) {
    for (int i = 0; i < 2; i++) {
      lastRows++;
      database.execute("INSERT INTO last VALUES (" + lastRows + ")");
      for (String name : names) {
        TopicReader.await(kafka, topic(database, name, "last"), lastRows);
      }
    }
  }

  private static String hex(byte[] bytes, int from) {
    return bytes == null ? "-" : HexFormat.of().formatHex(bytes, from, bytes.length);
  }

  private List<Integer> ids(TestDatabase database, int count) {
    return TopicReader.await(kafka, topic(database, "p", "t"), count).stream()
        .map(record -> Integer.parseInt(text(record.key()).replaceAll("[^-0-9]", "")))
        .toList();
  }

  private static List<Integer> numbers(int last) {
    return java.util.stream.IntStream.rangeClosed(1, last).boxed().toList();
  }
}
