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
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** What the pump will not do, and how it says so: one line, the exit code, what mends it. */
class RefusalsTest {
  private static final Pattern SQL = Pattern.compile("Run[^:]*: (.*;)");

  private final TestKafka kafka = TestKafka.shared();

  @Test
  void namesWhatIsWrongWithConnectionAndFilters() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute("CREATE TABLE t (id int PRIMARY KEY)");
      String uri = database.uri();
      int port = database.server().port();
      // Every character that could break out of a URI, a log line or a shell.
      String password = "p%40ss%3A%2F%25%23%27%22word";
      try (PumpUnderTest badPassword =
              pump(database, uri.replaceFirst(":[^:@]*@", ":" + password + "@"));
          PumpUnderTest noPassword = pump(database, uri.replaceFirst(":[^:@]*@", "@"));
          PumpUnderTest noUser = pump(database, uri.replaceFirst("//[^:]*:", "//nobody:"));
          PumpUnderTest noDatabase = pump(database, uri + "_missing");
          PumpUnderTest noTables = pump(database, uri).with("--tables=public.u*")) {
        badPassword.start();
        noPassword.start();
        noUser.start();
        noDatabase.start();
        noTables.start();

        assertThat(oneLine(badPassword, 2))
            .startsWith("bottledwater: BW-PG-AUTH: ")
            .contains("127.0.0.1:" + port, "password")
            .doesNotContain("p@ss", "#'");
        assertThat(oneLine(noPassword, 2)).contains("BW-PG-AUTH", "none was given", "PGPASSWORD");
        assertThat(oneLine(noUser, 2)).contains("BW-PG-AUTH", "127.0.0.1:" + port);
        assertThat(oneLine(noDatabase, 2)).contains("BW-PG-AUTH", database.name() + "_missing");
        assertThat(oneLine(noTables, 2)).contains("BW-NO-TABLES", "--tables");
      }
    }
  }

  @Test
  void namesTheTableWhoseRowDoesNotFitIntoMemory() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute(
          "CREATE TABLE large (id int PRIMARY KEY, v text)",
          "INSERT INTO large VALUES (1, repeat('x', 150000000))");
      try (PumpUnderTest pump = pump(database, database.uri())) {
        pump.start();

        assertThat(refusal(pump)).contains("BW-MEMORY", "public.large", "-Xmx");
      }
    }
  }

  @Test
  void refusesServersWithoutLogicalWalAndDatabasesWithoutEncoding() {
    Path directory = TemporaryDirectories.create("wal-level");
    TestDatabase postgres = TestDatabase.of(TestPostgres.version(17).server(), "postgres");
    String name = "ascii_" + Long.toString(System.nanoTime(), 36);
    postgres.execute(
        "CREATE DATABASE "
            + name
            + " TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'");
    try (TestDatabase ascii = TestDatabase.of(postgres.server(), name);
        EmbeddedPostgres server =
            TestPostgres.builder(15)
                .dataDirectory(directory)
                .setting("wal_level", "replica")
                .start();
        TestDatabase replica =
            TestDatabase.create(server, "wal_" + Long.toString(System.nanoTime(), 36))) {
      replica.execute("CREATE TABLE t (id int PRIMARY KEY)");
      try (PumpUnderTest first = pump(ascii, ascii.uri());
          PumpUnderTest second = pump(replica, replica.uri())) {
        first.start();
        second.start();

        assertThat(oneLine(first, 3)).contains("BW-PG-ENCODING", name, "SQL_ASCII");
        String line = oneLine(second, 3);
        assertThat(line).contains("BW-WAL-LEVEL", "replica");
        // The settings file of the server's owner stands above ALTER SYSTEM here.
        assertThat(sql(line)).isEqualTo("ALTER SYSTEM SET wal_level = 'logical';");
        replica.execute(sql(line));
      }
    } finally {
      TemporaryDirectories.delete(directory);
    }
  }

  @Test
  void givesTheSqlThatMendsMissingPrivileges() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      String role = "Pump " + database.name();
      database.execute(
          "CREATE ROLE \"" + role + "\" LOGIN PASSWORD 'se-cret'",
          "CREATE SCHEMA app",
          "CREATE SCHEMA \"Parts\"",
          "CREATE TABLE app.orders (id int PRIMARY KEY) PARTITION BY RANGE (id)",
          "CREATE TABLE \"Parts\".low PARTITION OF app.orders FOR VALUES FROM (0) TO (10)",
          "CREATE TABLE app.log (line text)",
          "CREATE TABLE app.own (id int PRIMARY KEY, owner text)",
          "ALTER TABLE app.own ENABLE ROW LEVEL SECURITY",
          "CREATE POLICY mine ON app.own USING (owner = current_user)",
          "INSERT INTO app.orders VALUES (1)",
          "INSERT INTO app.own VALUES (1, 'somebody')");
      String uri =
          "postgres://"
              + role.replace(" ", "%20")
              + ":se-cret@127.0.0.1:"
              + database.server().port()
              + "/"
              + database.name();
      List<String> codes = new ArrayList<>();
      try (PumpUnderTest pump = pump(database, uri).with("--allow-unkeyed")) {
        boolean streaming = false;
        while (!streaming && codes.size() < 10) {
          pump.start();
          pump.process().awaitLine("Streaming from|^bottledwater: BW-", Duration.ofSeconds(60));
          streaming =
              pump.process().stderr().stream().anyMatch(line -> line.contains("Streaming from"));
          if (!streaming) {
            PumpUnderTest.End end = pump.awaitEnd();
            assertThat(end.code()).as(end.lastLine()).isEqualTo(3);
            codes.add(end.lastLine().replaceFirst("^bottledwater: (BW-[A-Z-]*).*", "$1"));
            database.execute(sql(end.lastLine()));
          }
        }

        assertThat(codes)
            .containsExactly(
                "BW-PRIVILEGE", "BW-PRIVILEGE", "BW-PRIVILEGE", "BW-PUBLICATION", "BW-PUBLICATION");
        database.execute("INSERT INTO app.orders VALUES (2)", "INSERT INTO app.log VALUES ('x')");
        assertThat(TopicReader.await(kafka, database.name() + ".app.orders", 2)).hasSize(2);
        assertThat(TopicReader.await(kafka, database.name() + ".app.own", 1)).hasSize(1);
        assertThat(TopicReader.await(kafka, database.name() + ".app.log", 1)).hasSize(1);
        assertThat(pump.stop()).isZero();
      } finally {
        database.execute("DROP OWNED BY \"" + role + "\"", "DROP ROLE \"" + role + "\"");
      }
    }
  }

  @Test
  void refusesSlotsThatAreNotItsOwn() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase();
        TestDatabase other = TestPostgres.version(17).newDatabase()) {
      String name = database.name();
      database.execute(
          "CREATE TABLE t (id int PRIMARY KEY)",
          "SELECT pg_create_physical_replication_slot('" + name + "_physical')",
          "SELECT pg_create_logical_replication_slot('" + name + "_plugin', 'test_decoding')",
          "SELECT pg_create_logical_replication_slot('" + name + "_early', 'pgoutput')");
      other.execute("SELECT pg_create_logical_replication_slot('" + name + "_other', 'pgoutput')");
      try (PumpUnderTest physical = pump(database, database.uri());
          PumpUnderTest plugin = pump(database, database.uri());
          PumpUnderTest elsewhere = pump(database, database.uri());
          PumpUnderTest early = pump(database, database.uri())) {
        physical.slot(name + "_physical").start();
        plugin.slot(name + "_plugin").start();
        elsewhere.slot(name + "_other").start();
        early.slot(name + "_early").start();

        assertThat(refusal(physical)).contains("BW-SLOT-FOREIGN", "physical", "--slot");
        assertThat(refusal(plugin)).contains("BW-SLOT-FOREIGN", "test_decoding", "--slot");
        assertThat(refusal(elsewhere)).contains("BW-SLOT-FOREIGN", other.name(), "--slot");
        assertThat(refusal(early)).contains("BW-PUBLICATION", "CREATE PUBLICATION");
        assertThat(database.query("SELECT pubname FROM pg_publication")).isEmpty();
      } finally {
        database.execute("SELECT pg_drop_replication_slot('" + name + "_physical')");
      }
    }
  }

  @Test
  void stopsAtARecordThatIsTooLargeOrSetsItAside() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute("CREATE TABLE t (id int PRIMARY KEY, v text)");
      String topic = database.name() + ".t";
      try (PumpUnderTest pump =
          pump(database, database.uri()).with("-T", "max.message.bytes=10000").startStreaming()) {
        database.execute("INSERT INTO t VALUES (1, 'small')");
        TopicReader.await(kafka, topic, 1);
        database.execute(
            "INSERT INTO t VALUES (2, repeat('x', 20000))", "INSERT INTO t VALUES (3, 'small')");
        assertThat(refusal(pump))
            .contains("BW-RECORD-REFUSED", topic, "10000", "--on-error=log")
            .doesNotContain("xxx");
        assertThat(TopicReader.read(kafka, topic)).hasSize(1);

        pump.with("--on-error=log").startStreaming();
        assertThat(TopicReader.lines(TopicReader.await(kafka, topic, 2)))
            .containsExactly(
                "c {\"id\":1} {\"id\":1,\"v\":\"small\"}",
                "c {\"id\":3} {\"id\":3,\"v\":\"small\"}");
        List<ConsumerRecord<byte[], byte[]>> dead =
            TopicReader.await(kafka, database.name() + ".bottledwater.dead-letters", 1);
        assertThat(TopicReader.lines(dead)).containsExactly("c {\"id\":2} null");
        assertThat(header(dead.get(0), "bw.topic")).isEqualTo(topic);
        assertThat(header(dead.get(0), "bw.reason")).isEqualTo("BW-RECORD-REFUSED");
        assertThat(pump.stop()).isZero();
        assertThat(pump.process().stderr())
            .anyMatch(line -> line.contains("WARN") && line.contains("BW-RECORD-REFUSED"));
      }
    }
  }

  private PumpUnderTest pump(TestDatabase database, String uri) {
    return PumpUnderTest.of(uri, database, kafka).with("--output-format=json");
  }

  /** The only line of a pump that ends with {@code code}. */
  private static String oneLine(PumpUnderTest pump, int code) {
    PumpUnderTest.End end = pump.awaitEnd();
    assertThat(end.lines()).hasSize(1);
    assertThat(end.code()).as(end.lastLine()).isEqualTo(code);
    return end.lastLine();
  }

  /** The last line of a pump that refuses; what it did before may be logged. */
  private static String refusal(PumpUnderTest pump) {
    PumpUnderTest.End end = pump.awaitEnd();
    assertThat(end.code()).as(end.lastLine()).isEqualTo(3);
    assertThat(end.lines()).allMatch(line -> line.startsWith("20") || line == end.lastLine());
    return end.lastLine();
  }

  private static String sql(String line) {
    Matcher matcher = SQL.matcher(line);
    assertThat(matcher.find()).as(line).isTrue();
    return matcher.group(1);
  }
}
