package io.bottledwater.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Types that are altered while the pump runs or while it stands, and values that do not fit. */
class AlteredTypesTest {
  private final TestKafka kafka = TestKafka.shared();

  @Test
  void followsTypesThatAreAlteredWhileItStreams() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute(
          "CREATE TYPE pair AS (a integer, b integer)",
          "CREATE TYPE mood AS ENUM ('sad')",
          "CREATE TABLE t (id integer PRIMARY KEY, v pair, l pair[], m mood)",
          "INSERT INTO t VALUES (1, '(1,2)', NULL, 'sad')");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka)
              .with("--output-format=json", "--enum=enum")
              .startStreaming()) {
        String topic = database.name() + ".t";
        database.execute("INSERT INTO t VALUES (2, '(1,2)', '{\"(3,4)\"}', 'sad')");
        TopicReader.await(kafka, topic, 2);
        // Rows that are committed and not yet read when their type is altered are special values.
        database.execute(
            // As many attributes as before, and of the same types: only the catalog knows.
            "ALTER TYPE pair DROP ATTRIBUTE a, ADD ATTRIBUTE c integer",
            "INSERT INTO t VALUES (3, '(5,6)', NULL, 'sad')");
        TopicReader.await(kafka, topic, 3);
        database.execute(
            "ALTER TYPE pair RENAME ATTRIBUTE b TO d",
            "ALTER TYPE mood ADD VALUE 'new' BEFORE 'sad'",
            "INSERT INTO t VALUES (4, '(7,8)', '{NULL,\"(9,)\"}', 'new')");
        TopicReader.await(kafka, topic, 4);
        database.execute(
            "ALTER TYPE pair ADD ATTRIBUTE e text",
            "INSERT INTO t VALUES (5, '(7,8,x)', NULL, 'sad')");
        Map<String, String> rows = TopicReader.newest(TopicReader.await(kafka, topic, 5));
        assertThat(rows)
            .containsEntry(
                "{\"id\":1}", "{\"id\":1,\"v\":{\"a\":1,\"b\":2},\"l\":null,\"m\":\"sad\"}")
            .containsEntry(
                "{\"id\":3}", "{\"id\":3,\"v\":{\"b\":5,\"c\":6},\"l\":null,\"m\":\"sad\"}")
            .containsEntry(
                "{\"id\":4}",
                "{\"id\":4,\"v\":{\"d\":7,\"c\":8},\"l\":[null,{\"d\":9,\"c\":null}],\"m\":\"new\"}")
            .containsEntry(
                "{\"id\":5}",
                "{\"id\":5,\"v\":{\"d\":7,\"c\":8,\"e\":\"x\"},\"l\":null,\"m\":\"sad\"}");
        assertThat(pump.stop()).isZero();
      }
    }
  }

  @Test
  void refusesValuesFromBeforeTheirTypeWasAltered() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute(
          "CREATE TYPE pair AS (a integer, b integer)",
          "CREATE TABLE t (id integer PRIMARY KEY, v pair)");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka).with("--output-format=json").startStreaming()) {
        assertThat(pump.stop()).isZero();
      }
      database.execute(
          "INSERT INTO t VALUES (1, '(1,2)')",
          "ALTER TYPE pair DROP ATTRIBUTE a, ADD ATTRIBUTE c integer",
          "INSERT INTO t VALUES (2, '(3,4)')");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka).with("--output-format=json").start()) {
        PumpUnderTest.End end = pump.awaitEnd();
        assertThat(end.code()).isEqualTo(3);
        assertThat(end.lastLine())
            .contains("BW-VALUE-SPECIAL", "public.t.v (public.pair; key: id)")
            .contains("a composite value from before its type was altered");
      }
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka)
              .with("--output-format=json", "--special-values=string")
              .startStreaming()) {
        assertThat(TopicReader.newest(TopicReader.await(kafka, database.name() + ".t", 2)))
            .containsEntry("{\"id\":1}", "{\"id\":1,\"v\":\"(1,2)\"}")
            .containsEntry("{\"id\":2}", "{\"id\":2,\"v\":{\"b\":3,\"c\":4}}");
        assertThat(pump.stop()).isZero();
      }
    }
  }

  @Test
  void treatsSpecialValuesAsToldTo() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute(
          "CREATE TABLE t (id integer PRIMARY KEY, n numeric(10,2), a integer[])",
          "INSERT INTO t VALUES (1, 'NaN', '{1}'), (2, 1, '{{1,2},{3,4}}')");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka)
              .with("--output-format=json", "--special-values=null")
              .startStreaming()) {
        database.execute("INSERT INTO t VALUES (3, 2, '[0:0]={1}')");
        assertThat(TopicReader.newest(TopicReader.await(kafka, database.name() + ".t", 3)))
            .containsEntry("{\"id\":1}", "{\"id\":1,\"n\":null,\"a\":[1]}")
            .containsEntry("{\"id\":2}", "{\"id\":2,\"n\":1.00,\"a\":null}")
            .containsEntry("{\"id\":3}", "{\"id\":3,\"n\":2.00,\"a\":null}");
        assertThat(pump.stop()).isZero();
        assertThat(pump.process().stderr())
            .anyMatch(
                line ->
                    line.contains("Wrote null in place of an array whose subscripts")
                        && line.contains("public.t.a (integer[]; key: id)"));
      }
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka).with("--output-format=json").start()) {
        database.execute("INSERT INTO t VALUES (4, 'NaN', NULL)");
        PumpUnderTest.End end = pump.awaitEnd();
        assertThat(end.code()).isEqualTo(3);
        assertThat(end.lastLine())
            .contains("BW-VALUE-SPECIAL", "public.t.n (numeric(10,2); key: id) holds NaN");
      }
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka)
              .with("--output-format=json", "--special-values=string")
              .startStreaming()) {
        assertThat(TopicReader.newest(TopicReader.await(kafka, database.name() + ".t", 4)))
            .containsEntry("{\"id\":4}", "{\"id\":4,\"n\":\"NaN\",\"a\":null}");
        assertThat(pump.stop()).isZero();
      }
    }
  }
}
