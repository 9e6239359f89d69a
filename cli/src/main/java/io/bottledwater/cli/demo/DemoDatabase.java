package io.bottledwater.cli.demo;

import io.bottledwater.embedded.EmbeddedServerException;
import io.bottledwater.embedded.postgres.EmbeddedPostgres;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.platform.ServerErrors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A PostgreSQL server with the shop's database in it. Any thread may call. */
public final class DemoDatabase implements AutoCloseable {
  /** The shop's tables, whose topics have the same names. */
  public static final List<String> TABLES =
      List.of("customers", "sensors", "readings", "orders", "order_items");

  private static final String NAME = "shop";

  private final EmbeddedPostgres server;
  private final Path passwordFile;

  private DemoDatabase(EmbeddedPostgres server, Path passwordFile) {
    this.server = server;
    this.passwordFile = passwordFile;
  }

  /**
   * Starts the server, and fills the database when it is new. Blocks for about 2 s, some more when
   * the server's program files have to be unpacked first.
   *
   * @throws BottledWaterException {@code BW-DATA-DIRECTORY}, {@code BW-LISTENER}
   */
  public static DemoDatabase start(Path directory) {
    EmbeddedPostgres server;
    try {
      server =
          EmbeddedPostgres.builder()
              .dataDirectory(directory.resolve("postgres"))
              .setting("wal_level", "logical")
              .setting("shared_buffers", "32MB")
              // The demo's own end stops the pump first, so that its slot is let go of.
              .stopWithProcess(false)
              .start();
    } catch (EmbeddedServerException e) {
      throw ServerErrors.translate(e);
    }
    try {
      createShop(server);
      Path passwordFile = directory.resolve("pgpass");
      writePasswordFile(passwordFile, server);
      return new DemoDatabase(server, passwordFile);
    } catch (SQLException e) {
      server.close();
      throw unusable(directory, "PostgreSQL says " + e.getSQLState(), e);
    } catch (IOException e) {
      server.close();
      throw unusable(directory, e.getClass().getSimpleName(), e);
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static BottledWaterException unusable(Path directory, String why, Exception cause) {
    return new BottledWaterException(
        ErrorCode.DATA_DIRECTORY,
        "The demo's database in " + directory + " cannot be set up (" + why + ").",
        "Delete the directory, or choose another.",
        cause);
  }

  public int port() {
    return server.port();
  }

  /** With the password in it: a secret. */
  public String uri() {
    return server.uri(NAME);
  }

  /** For a shell; the password stays in a file. */
  public String psqlCommand() {
    return "PGPASSFILE='"
        + passwordFile
        + "' psql -h 127.0.0.1 -p "
        + server.port()
        + " -U "
        + server.user()
        + " "
        + NAME;
  }

  /** A connection to the shop's database, as the owner of its tables. */
  Connection connect() throws SQLException {
    return connect(server, NAME);
  }

  @Override
  public void close() {
    server.close();
  }

  private static Connection connect(EmbeddedPostgres server, String database) throws SQLException {
    return DriverManager.getConnection(server.jdbcUrl(database), server.user(), server.password());
  }

  private static void createShop(EmbeddedPostgres server) throws SQLException, IOException {
    try (Connection connection = connect(server, "postgres");
        Statement statement = connection.createStatement()) {
      try (ResultSet found =
          statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + NAME + "'")) {
        if (found.next()) {
          return;
        }
      }
      // Under another name until it is filled: a demo that is killed meanwhile starts over.
      statement.execute("DROP DATABASE IF EXISTS unfinished");
      statement.execute("CREATE DATABASE unfinished");
      try (Connection shop = connect(server, "unfinished");
          Statement filling = shop.createStatement()) {
        filling.execute(script());
      }
      statement.execute("ALTER DATABASE unfinished RENAME TO " + NAME);
    }
  }

  private static String script() throws IOException {
    try (InputStream script = DemoDatabase.class.getResourceAsStream("shop.sql")) {
      if (script == null) {
        throw new IllegalStateException("shop.sql is not on the class path");
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void writePasswordFile(Path file, EmbeddedPostgres server) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        file,
        "127.0.0.1:" + server.port() + ":*:" + server.user() + ":" + server.password() + "\n");
  }
}
