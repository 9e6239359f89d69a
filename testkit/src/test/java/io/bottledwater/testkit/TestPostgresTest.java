package io.bottledwater.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bottledwater.embedded.postgres.EmbeddedPostgres;
import io.bottledwater.embedded.postgres.EmbeddedPostgres.StopMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestPostgresTest {
  private final Path directory = TemporaryDirectories.create("testkit");

  @AfterEach
  void deleteDirectory() {
    TemporaryDirectories.delete(directory);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 14, 15, 17, 18})
  void everyVersionDecodesLogically(int major) {
    try (TestDatabase database = TestPostgres.version(major).newDatabase()) {
      database.execute(
          "CREATE TABLE t (a int PRIMARY KEY)",
          "SELECT pg_create_logical_replication_slot('" + database.name() + "', 'test_decoding')",
          "INSERT INTO t VALUES (7)");

      assertThat(database.query("SHOW server_version_num").get(0)).startsWith("" + major);
      assertThat(
              database.query(
                  "SELECT data FROM pg_logical_slot_get_changes('"
                      + database.name()
                      + "', NULL, NULL)"))
          .contains("table public.t: INSERT: a[integer]:7");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void survivesStopsCrashesAndKills(int major) {
    try (EmbeddedPostgres server = TestPostgres.builder(major).dataDirectory(directory).start()) {
      TestDatabase database = TestDatabase.create(server, "crashing");
      database.execute("CREATE TABLE t (a int)", "INSERT INTO t VALUES (1)");
      server.restart(StopMode.FAST);
      database.execute("INSERT INTO t VALUES (2)");
      server.restart(StopMode.IMMEDIATE);
      database.execute("INSERT INTO t VALUES (3)");
      server.kill9();
      server.start();

      assertThat(database.query("SELECT a FROM t ORDER BY a")).containsExactly("1", "2", "3");
    }
  }

  @Test
  void sharesTheServerAndDropsClosedDatabasesWithTheirSessionsAndSlots() throws Exception {
    TestPostgres postgres = TestPostgres.version(17);
    String name;
    try (TestDatabase database = postgres.newDatabase()) {
      name = database.name();
      Connection left = database.open();
      Statement statement = left.createStatement();
      statement.execute("SELECT pg_create_logical_replication_slot('" + name + "', 'pgoutput')");
    }
    try (TestDatabase other = TestPostgres.version(17).newDatabase()) {
      assertThat(TestPostgres.version(17)).isSameAs(postgres);
      assertThat(other.query("SELECT 1 FROM pg_database WHERE datname = '" + name + "'")).isEmpty();
      assertThat(other.query("SELECT 1 FROM pg_replication_slots WHERE slot_name = '" + name + "'"))
          .isEmpty();
    }
  }

  @Test
  void endsWithItsParentEvenWhenThatIsKilledAndStartsAgain() throws Exception {
    try (RunningProcess parent =
        ProcessRunner.java(Parent.class).arguments(directory.toString()).start()) {
      long pid =
          Long.parseLong(parent.awaitLine("^server (\\d+)$", Duration.ofSeconds(60)).group(1));
      CompletableFuture<ProcessHandle> ended = ProcessHandle.of(pid).orElseThrow().onExit();
      parent.kill9();
      if (Files.exists(Path.of("/usr/bin/setpriv"))) {
        ended.get(60, TimeUnit.SECONDS);
      }
    }
    try (EmbeddedPostgres server = EmbeddedPostgres.builder().dataDirectory(directory).start()) {
      assertThat(TestDatabase.of(server, "postgres").query("SELECT a FROM t")).containsExactly("5");
    }
  }

  @Test
  void knowsWhichVersionsThereAre() {
    assertThatThrownBy(() -> TestPostgres.version(11)).hasMessageContaining("no PostgreSQL 11");
  }

  static final class Parent {
    public static void main(String[] arguments) throws InterruptedException {
      EmbeddedPostgres server =
          EmbeddedPostgres.builder().dataDirectory(Path.of(arguments[0])).start();
      TestDatabase.of(server, "postgres").execute("CREATE TABLE t AS SELECT 5 AS a");
      System.out.println("server " + server.pid());
      Thread.sleep(Long.MAX_VALUE);
    }
  }
}
