package io.bottledwater.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.registry.server.SchemaRegistryServer;
import io.bottledwater.testkit.ProcessRunner;
import io.bottledwater.testkit.RunningProcess;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import io.confluent.kafka.schemaregistry.client.rest.RestService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code explain} says what the pump then does, and changes nothing. */
class ExplainTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestKafka kafka = TestKafka.shared();

  @Test
  void foretellsTopicKeySchemasAndWhatTheRegistryMakesOfAChange() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase();
        SchemaRegistryServer registry =
            SchemaRegistryServer.start(
                SchemaRegistryServer.Settings.of("127.0.0.1", 0, kafka.bootstrapServers()))) {
      String url = "http://127.0.0.1:" + registry.address().getPort();
      database.execute(
          "CREATE TABLE orders (id bigint PRIMARY KEY, amount numeric(10,2), note text)",
          "CREATE TABLE loose (v int)");
      String topic = database.name() + ".orders";

      assertThat(explain(database, url))
          .contains(
              "public.orders",
              "  topic    " + topic,
              "  key      id (primary key orders_pkey)",
              "  columns  id      bigint         long",
              "           amount  numeric(10,2)  decimal(10,2)",
              "  schema   " + topic + "-value: would become version 1",
              "  key      none: it has no primary key and no replica identity index")
          .anyMatch(line -> line.contains("risk") && line.contains("BW-UNKEYED"))
          .anyMatch(line -> line.contains("risk") && line.contains("beyond 2 kB of note"))
          .anyMatch(line -> line.contains("risk") && line.contains("NaN or infinity in amount"));
      assertThat(kafka.topics()).noneMatch(name -> name.startsWith(database.name()));

      database.execute("DROP TABLE loose");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka).with("--schema-registry=" + url).startStreaming()) {
        assertThat(explain(database, url))
            .contains("  schema   " + topic + "-value: registered as version 1");
        assertThat(explain(database, url, "--ddl=ALTER TABLE orders ADD COLUMN paid boolean"))
            .containsExactly(
                "public.orders:",
                "  column   + paid boolean (boolean)",
                "  schema   " + topic + "-key: registered as version 1",
                "  schema   " + topic + "-value: would become version 2");
        assertThat(
                explain(
                    database,
                    url,
                    "--ddl=ALTER TABLE orders ALTER amount TYPE int, DROP note;"
                        + " CREATE TABLE more (id int PRIMARY KEY)"))
            .contains(
                "public.more: new",
                "  column   amount numeric(10,2) (decimal(10,2)) -> integer (int)",
                "  column   - note text (string)")
            .anyMatch(line -> line.startsWith("  schema   " + topic + "-value: would be refused:"));
        assertThat(explain(database, url, "--ddl=CREATE INDEX ON orders (amount)"))
            .containsExactly("No exported table changes.");
        assertThat(pump.stop()).isZero();
      }
      assertThat(
              database.query(
                  "SELECT attname FROM pg_attribute WHERE attrelid = 'orders'::regclass"
                      + " AND attnum > 0 AND NOT attisdropped ORDER BY attnum"))
          .hasSize(3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--output-format=protobuf", "--output-format=json --json-schema"})
  void goesOnFromTheVersionsThatTheRegistryHas(String format) throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase();
        SchemaRegistryServer registry =
            SchemaRegistryServer.start(
                SchemaRegistryServer.Settings.of("127.0.0.1", 0, kafka.bootstrapServers()))) {
      String url = "http://127.0.0.1:" + registry.address().getPort();
      String[] options = format.split(" ");
      String subject = database.name() + ".t-value";
      database.execute("CREATE TABLE t (id int PRIMARY KEY, a int, b text)");
      PumpUnderTest pump =
          PumpUnderTest.of(database, kafka).with("--schema-registry=" + url).with(options);
      try (PumpUnderTest first = pump.startStreaming()) {
        assertThat(first.stop()).isZero();
      }
      assertThat(explain(database, url, options))
          .contains("  schema   " + subject + ": registered as version 1");

      database.execute("ALTER TABLE t DROP a", "ALTER TABLE t ALTER b TYPE int USING 0, ADD c int");
      List<String> foretold = explain(database, url, options);
      int at = foretold.indexOf("  schema   " + subject + ": would become version 2");
      assertThat(at).as(foretold.toString()).isNotNegative();
      try (PumpUnderTest second = pump.startStreaming()) {
        database.execute("INSERT INTO t VALUES (1, 2, 3)");
        TopicReader.await(kafka, database.name() + ".t", 1);
        assertThat(second.stop()).isZero();
      }
      String registered = new RestService(url).getLatestVersion(subject).getSchema();
      // The registry has a layout of its own.
      List<String> lines = registered.lines().filter(line -> !line.isBlank()).toList();
      assertThat(foretold.stream().skip(at + 1).map(String::strip).filter(line -> !line.isEmpty()))
          .startsWith(lines.stream().map(String::strip).toArray(String[]::new));
      assertThat(new RestService(url).getAllVersions(subject)).hasSize(2);
    }
  }

  @Test
  void refusesAStatementThatWouldOutliveTheRollback() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute("CREATE TABLE t (id int PRIMARY KEY)");
      for (String ddl : List.of("DROP TABLE t; COMMIT", "ALTER TABLE missing ADD x int")) {
        try (RunningProcess process = start(database, "--output-format=json", "--ddl=" + ddl)) {
          assertThat(process.awaitExit(PATIENCE)).isEqualTo(2);
          assertThat(process.stderr()).hasSize(1).first().asString().contains("BW-USAGE", "--ddl");
        }
      }
      assertThat(database.query("SELECT 1 FROM pg_class WHERE relname = 't'")).hasSize(1);
    }
  }

  private static List<String> explain(TestDatabase database, String registry, String... more) {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.add("--schema-registry=" + registry);
    try (RunningProcess process = start(database, arguments.toArray(new String[0]))) {
      assertThat(process.awaitExit(PATIENCE)).as(String.valueOf(process.stderr())).isZero();
      return process.stdout();
    }
  }

  private static RunningProcess start(TestDatabase database, String... more) {
    List<String> arguments = new ArrayList<>();
    arguments.add("explain");
    arguments.add("--postgres=" + database.uri());
    arguments.add("--topic-prefix=" + database.name());
    arguments.addAll(List.of(more));
    return ProcessRunner.java("io.bottledwater.cli.Main")
        .arguments(arguments.toArray(new String[0]))
        .start();
  }
}
