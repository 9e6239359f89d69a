package io.bottledwater.embedded.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bottledwater.embedded.EmbeddedServerException;
import io.bottledwater.embedded.EmbeddedServerException.Reason;
import io.bottledwater.embedded.FreePort;
import io.bottledwater.embedded.postgres.EmbeddedPostgres.StopMode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbeddedPostgresTest {
  Path directory;

  @BeforeEach
  void createDirectory() throws IOException {
    // JUnit's own are nested in one that only this user may enter.
    directory = Files.createTempDirectory("embedded-postgres-");
  }

  @AfterEach
  void deleteDirectory() throws IOException {
    PostgresBinaries.deleteTree(directory);
  }

  @Test
  void servesUtf8DurablyWithTheSettingsGiven() throws Exception {
    try (EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .dataDirectory(directory)
            .setting("wal_level", "logical")
            .setting("search_path", "\"it's\", public")
            .start()) {
      assertThat(query(server, "SHOW wal_level")).isEqualTo("logical");
      assertThat(query(server, "SHOW search_path")).isEqualTo("\"it's\", public");
      assertThat(query(server, "SHOW server_encoding")).isEqualTo("UTF8");
      assertThat(query(server, "SHOW fsync")).isEqualTo("on");
      assertThat(query(server, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(query(server, "SHOW unix_socket_directories")).isEmpty();
    }
  }

  @Test
  void asksForThePasswordAndKeepsItPrivate() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.builder().dataDirectory(directory).start()) {
      assertThatThrownBy(
              () -> DriverManager.getConnection(server.jdbcUrl("postgres"), server.user(), "wrong"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
      assertThat(query(server, "SELECT rolpassword FROM pg_authid WHERE rolname = current_user"))
          .startsWith("SCRAM-SHA-256$");
      for (String name : List.of("password", "server.log")) {
        assertThat(
                PosixFilePermissions.toString(
                    Files.getPosixFilePermissions(directory.resolve(name))))
            .isEqualTo("rw-------");
      }
      assertThat(directory.resolve("password.initdb")).doesNotExist();
    }
  }

  @Test
  void neverRunsAsRoot() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.builder().dataDirectory(directory).start()) {
      Path pidFile = directory.resolve("cluster").resolve("postmaster.pid");

      assertThat((int) Files.getAttribute(pidFile, "unix:uid")).isNotZero();
      assertThat(query(server, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void keepsDataPortAndPasswordOverAStop() throws Exception {
    int port;
    String uri;
    try (EmbeddedPostgres server = EmbeddedPostgres.builder().dataDirectory(directory).start()) {
      port = server.port();
      uri = server.uri("postgres");
      execute(server, "CREATE TABLE t AS SELECT 42 AS answer");
    }
    try (EmbeddedPostgres server =
        EmbeddedPostgres.builder().dataDirectory(directory).port(port).start()) {
      assertThat(server.uri("postgres")).isEqualTo(uri);
      assertThat(query(server, "SELECT answer FROM t")).isEqualTo("42");
    }
  }

  @Test
  void recoversCommittedRowsAfterACrash() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.builder().dataDirectory(directory).start()) {
      int port = server.port();
      execute(server, "CREATE TABLE t (a int)", "INSERT INTO t VALUES (1)");
      server.restart(StopMode.IMMEDIATE);
      execute(server, "INSERT INTO t VALUES (2)");
      server.kill9();
      assertThat(server.isRunning()).isFalse();
      server.start();

      assertThat(server.port()).isEqualTo(port);
      assertThat(query(server, "SELECT string_agg(a::text, ',' ORDER BY a) FROM t"))
          .isEqualTo("1,2");
    }
  }

  @Test
  void startsAgainAfterSomebodyKilledItsFirstProcess() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.builder().dataDirectory(directory).start()) {
      execute(server, "CREATE TABLE t AS SELECT 1 AS a");
      ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
      try (Connection idle = connect(server)) {
        process.destroyForcibly();
        process.onExit().get(60, TimeUnit.SECONDS);
        server.start();

        assertThat(idle.isValid(10)).isFalse();
      }
      assertThat(query(server, "SELECT a FROM t")).isEqualTo("1");
    }
  }

  @Test
  void refusesADirectoryInUse() {
    try (EmbeddedPostgres server = EmbeddedPostgres.builder().dataDirectory(directory).start()) {
      assertThatThrownBy(() -> EmbeddedPostgres.builder().dataDirectory(directory).start())
          .isInstanceOfSatisfying(
              EmbeddedServerException.class,
              e -> assertThat(e.reason()).isEqualTo(Reason.DATA_DIRECTORY));
      assertThat(server.isRunning()).isTrue();
    }
  }

  @Test
  void namesAPortThatIsTaken() throws Exception {
    int port = FreePort.pick();
    try (ServerSocket taken =
        new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      assertThatThrownBy(
              () ->
                  EmbeddedPostgres.builder()
                      .dataDirectory(directory)
                      .port(taken.getLocalPort())
                      .start())
          .isInstanceOfSatisfying(
              EmbeddedServerException.class, e -> assertThat(e.reason()).isEqualTo(Reason.LISTENER))
          .hasMessageContaining("127.0.0.1:" + port);
    }
  }

  @Test
  void pointsToTheLogWhenASettingIsRefused() throws Exception {
    assertThatThrownBy(
            () ->
                EmbeddedPostgres.builder()
                    .dataDirectory(directory)
                    .setting("shared_buffers", "plenty")
                    .start())
        .isInstanceOfSatisfying(
            EmbeddedServerException.class, e -> assertThat(e.reason()).isEqualTo(Reason.START))
        .hasMessageContaining(directory.resolve("server.log").toString());
    assertThat(directory.resolve("server.log")).content().contains("shared_buffers");
  }

  @Test
  void refusesAnotherVersionsDirectory() throws Exception {
    EmbeddedPostgres.builder().dataDirectory(directory).start().close();
    Files.writeString(directory.resolve("cluster").resolve("PG_VERSION"), "9.6\n");

    assertThatThrownBy(() -> EmbeddedPostgres.builder().dataDirectory(directory).start())
        .isInstanceOfSatisfying(
            EmbeddedServerException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.DATA_DIRECTORY))
        .hasMessageContaining("PostgreSQL 9.6, not 17");
  }

  @Test
  void startsOverAfterAnUnfinishedInitdb() throws Exception {
    Path unfinished = Files.createDirectories(directory.resolve("cluster.unfinished"));
    Files.writeString(unfinished.resolve("half"), "half");
    try (EmbeddedPostgres server = EmbeddedPostgres.builder().dataDirectory(directory).start()) {
      assertThat(query(server, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void unpacksOnceForManyAtATime() throws Exception {
    Path cache = directory.resolve("cache");
    List<PostgresBinaries> unpacked =
        List.of(1, 2, 3).parallelStream().map(i -> PostgresBinaries.bundled(cache)).toList();

    assertThat(unpacked).extracting(PostgresBinaries::home).hasSize(3).containsOnly(home(cache));
    assertThat(home(cache).resolve("bin/postgres")).isExecutable();
    try (var entries = Files.list(cache)) {
      assertThat(entries.map(p -> p.getFileName().toString()))
          .containsExactlyInAnyOrder(
              home(cache).getFileName().toString(), home(cache).getFileName() + ".lock");
    }
  }

  private static Path home(Path cache) {
    return PostgresBinaries.bundled(cache).home();
  }

  private static void execute(EmbeddedPostgres server, String... statements) throws SQLException {
    try (Connection connection = connect(server);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static String query(EmbeddedPostgres server, String sql) throws SQLException {
    try (Connection connection = connect(server);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static Connection connect(EmbeddedPostgres server) throws SQLException {
    return DriverManager.getConnection(
        server.jdbcUrl("postgres"), server.user(), server.password());
  }
}
