package io.bottledwater.e2e;

import static io.bottledwater.e2e.TopicReader.header;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bottledwater.testkit.ProcessRunner;
import io.bottledwater.testkit.RunningProcess;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DDL commands as records, in commit order with the rows around them. */
class DdlTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestKafka kafka = TestKafka.shared();

  @ParameterizedTest
  @ValueSource(ints = {10, 17})
  void liesInCommitOrderWithTheRowsAroundIt(int version) throws Exception {
    try (TestDatabase database = TestPostgres.version(version).newDatabase()) {
      database.execute("CREATE TABLE t (id int PRIMARY KEY, a int)");
      ddl(database, database.uri(), 0, "install");
      ddl(database, database.uri(), 0, "install");
      assertThat(ddl(database, database.uri(), 0, "status"))
          .contains("bottledwater_ddl\tenabled", "bottledwater_drop\tenabled", "commands\t0");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka).with("--output-format=json").startStreaming()) {
        database.execute(
            "INSERT INTO t VALUES (1, 1)",
            "ALTER TABLE t ADD COLUMN b text",
            "INSERT INTO t VALUES (2, 2, 'x')");
        try (Connection connection = database.open();
            Statement statement = connection.createStatement()) {
          statement.execute("BEGIN");
          statement.execute("INSERT INTO t VALUES (3, 3, 'y')");
          statement.execute("ALTER TABLE t DROP COLUMN a");
          statement.execute("INSERT INTO t VALUES (4, 'z')");
          statement.execute("DROP TABLE IF EXISTS nothing");
          statement.execute("COMMIT");
          statement.execute("BEGIN");
          statement.execute("CREATE TABLE never (id int)");
          statement.execute("ROLLBACK");
        }
        database.execute(
            "CREATE TEMP TABLE mine (id int)",
            "CREATE INDEX CONCURRENTLY t_b ON t (b)",
            "DROP INDEX t_b",
            "INSERT INTO t VALUES (5, 'end')");

        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        all.addAll(TopicReader.await(kafka, database.name() + ".t", 5));
        // Before them, in the snapshot, lies the publication that the pump made.
        TopicReader.await(kafka, database.name() + ".bottledwater.ddl", 5).stream()
            .filter(r -> header(r, "bw.op").equals("c"))
            .forEach(all::add);
        all.sort(
            Comparator.<ConsumerRecord<byte[], byte[]>, Long>comparing(
                    r -> lsn(header(r, "bw.lsn")), Long::compareUnsigned)
                .thenComparing(r -> Integer.parseInt(header(r, "bw.seq"))));
        List<String> story = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : all) {
          JsonNode row = JSON.readTree(record.value());
          story.add(
              row.has("tag")
                  ? row.get("event").asText()
                      + " "
                      + row.get("tag").asText()
                      + " "
                      + row.get("object_identity").asText()
                  : "row " + row.get("id").asInt());
        }
        assertThat(story)
            .containsExactly(
                "row 1",
                "ddl_command_end ALTER TABLE public.t",
                "row 2",
                "row 3",
                "ddl_command_end ALTER TABLE public.t",
                "row 4",
                "ddl_command_end CREATE INDEX public.t_b",
                "sql_drop DROP INDEX public.t_b",
                "row 5");
        JsonNode first =
            JSON.readTree(
                all.stream()
                    .filter(r -> r.topic().endsWith("ddl"))
                    .findFirst()
                    .orElseThrow()
                    .value());
        assertThat(first.get("command").asText()).isEqualTo("ALTER TABLE t ADD COLUMN b text");
        assertThat(first.get("username").asText()).isEqualTo(database.server().user());
        assertThat(pump.stop()).isZero();
      }
    }
  }

  @Test
  void neverMakesACommandFailAndShowsNoPassword() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      String role = "ddl_" + database.name();
      ddl(database, database.uri(), 0, "install");
      database.execute(
          "CREATE ROLE " + role + " LOGIN PASSWORD 'p' REPLICATION",
          "GRANT CREATE ON SCHEMA public TO " + role);
      String uri = database.uri().replaceFirst("//[^@]*@", "//" + role + ":p@");
      assertThat(ddl(database, uri, 3, "install")).contains("BW-PRIVILEGE", "--print");

      // A role without any right on the table is recorded as well.
      database.execute(
          "SET SESSION AUTHORIZATION " + role, "CREATE TABLE public.theirs (password text)");
      database.execute(
          "DO $$ BEGIN EXECUTE 'CREATE ROLE x_"
              + role
              + " PASSWORD ''topsecret'''; EXECUTE 'CREATE TABLE with_secret (id int)'; END $$");
      assertThat(
              database.query(
                  "SELECT username || ' ' || object_identity || ' ' || coalesce(command, 'none')"
                      + " FROM bottledwater.ddl WHERE object_type = 'table' ORDER BY id"))
          .containsExactly(
              role + " public.theirs CREATE TABLE public.theirs (password text)",
              database.server().user() + " public.with_secret none");

      database.execute("DROP TABLE bottledwater.ddl", "CREATE TABLE still_works (id int)");
      assertThat(database.query("SELECT to_regclass('still_works')::text"))
          .containsExactly("still_works");
      ddl(database, database.uri(), 0, "install");
      assertThat(ddl(database, database.uri(), 0, "status")).contains("bottledwater_ddl\tenabled");
      ddl(database, database.uri(), 0, "uninstall");
      assertThat(ddl(database, database.uri(), 0, "status"))
          .contains("bottledwater_ddl\tmissing", "table\tmissing");
      assertThat(ddl(database, database.uri(), 0, "install", "--print"))
          .contains("CREATE EVENT TRIGGER");
      ddl(database, database.uri(), 2, "instal");
      database.execute("DROP OWNED BY " + role, "DROP ROLE " + role, "DROP ROLE x_" + role);
    }
  }

  private static long lsn(String text) {
    String[] parts = text.split("/");
    return Long.parseLong(parts[0], 16) << 32 | Long.parseLong(parts[1], 16);
  }

  private static String ddl(TestDatabase database, String uri, int exitCode, String... words) {
    List<String> line = new ArrayList<>(List.of("ddl"));
    line.addAll(List.of(words));
    line.add("--postgres=" + uri);
    try (RunningProcess process =
        ProcessRunner.java("io.bottledwater.cli.Main")
            .arguments(line.toArray(new String[0]))
            .start()) {
      assertThat(process.awaitExit(PATIENCE))
          .as(String.valueOf(process.stderr()))
          .isEqualTo(exitCode);
      return String.join("\n", process.stdout()) + String.join("\n", process.stderr());
    }
  }
}
