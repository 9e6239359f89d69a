package io.bottledwater.testkit;

import io.bottledwater.embedded.postgres.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A database of one test. Any thread may call. */
public final class TestDatabase implements AutoCloseable {
  private final EmbeddedPostgres server;
  private final String name;

  private TestDatabase(EmbeddedPostgres server, String name) {
    this.server = server;
    this.name = name;
  }

  /**
   * Creates a database on a server of the caller's.
   *
   * @param name letters, digits and underscores
   */
  public static TestDatabase create(EmbeddedPostgres server, String name) {
    new TestDatabase(server, "postgres").execute("CREATE DATABASE " + name);
    return new TestDatabase(server, name);
  }

  /** A database that exists. */
  public static TestDatabase of(EmbeddedPostgres server, String name) {
    return new TestDatabase(server, name);
  }

  public String name() {
    return name;
  }

  public EmbeddedPostgres server() {
    return server;
  }

  /** With the superuser's name and password in it. */
  public String uri() {
    return server.uri(name);
  }

  /** Without credentials. */
  public String jdbcUrl() {
    return server.jdbcUrl(name);
  }

  /** As superuser, in autocommit mode; the caller closes it. */
  public Connection open() {
    try {
      return DriverManager.getConnection(jdbcUrl(), server.user(), server.password());
    } catch (SQLException e) {
      throw new IllegalStateException("cannot connect to " + jdbcUrl(), e);
    }
  }

  /** Runs each on one new connection, each in its own transaction. */
  public void execute(String... statements) {
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("cannot execute SQL in " + name, e);
    }
  }

  /** The first column of every row, as text. */
  public List<@Nullable String> query(String sql) {
    List<@Nullable String> values = new ArrayList<>();
    try (Connection connection = open();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException("cannot query " + name, e);
    }
    return values;
  }

  /** Ends its sessions, drops its replication slots, then the database. */
  @Override
  public void close() {
    String here = "'" + name + "'";
    TestDatabase postgres = new TestDatabase(server, "postgres");
    postgres.execute(
        // In one statement and before the next: a slot is only free when its session has ended.
        "DO $$ BEGIN FOR attempt IN 1..500 LOOP"
            + " PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
            + here
            + "; PERFORM pg_stat_clear_snapshot();"
            + " EXIT WHEN NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = "
            + here
            + "); PERFORM pg_sleep(0.02); END LOOP; END $$",
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = "
            + here,
        "DROP DATABASE IF EXISTS " + name);
  }
}
