package io.bottledwater.source.snapshot;

import io.bottledwater.postgres.Identifiers;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.postgres.PgSnapshot;
import io.bottledwater.source.catalog.PostgresConnector;
import io.bottledwater.source.catalog.PostgresErrors;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A snapshot that several sessions can import, as long as this object is open. */
public final class ExportedSnapshot implements AutoCloseable {
  private final Connection connection;
  private final String name;
  private final PgSnapshot contents;
  private final long lsn;

  private ExportedSnapshot(Connection connection, String name, PgSnapshot contents, long lsn) {
    this.connection = connection;
    this.name = name;
    this.contents = contents;
    this.lsn = lsn;
  }

  /** A snapshot of now. */
  public static ExportedSnapshot take(PostgresConnector connector) {
    return open(connector, "SELECT pg_export_snapshot()", null);
  }

  /**
   * Holds on to a snapshot that another session has exported and may let go of.
   *
   * @param name as that session was told
   */
  public static ExportedSnapshot importing(PostgresConnector connector, String name) {
    return open(connector, "SELECT " + Identifiers.literal(name), name);
  }

  private static ExportedSnapshot open(
      PostgresConnector connector,
      String nameQuery,
      @org.jspecify.annotations.Nullable String imported) {
    Connection connection = connector.open();
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
      if (imported != null) {
        statement.execute("SET TRANSACTION SNAPSHOT " + Identifiers.literal(imported));
      }
      String name = single(statement, nameQuery);
      PgSnapshot contents =
          PgSnapshot.parse(single(statement, "SELECT txid_current_snapshot()::text"));
      // Read after the snapshot was taken, so everything that the snapshot sees lies before it.
      long lsn =
          Lsn.parse(
              single(
                  statement,
                  "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()"
                      + " ELSE pg_current_wal_insert_lsn() END::text"));
      return new ExportedSnapshot(connection, name, contents, lsn);
    } catch (SQLException e) {
      try {
        connection.close();
      } catch (SQLException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw PostgresErrors.translate(e, "exporting a snapshot", connector.address());
    }
  }

  private static String single(Statement statement, String sql) throws SQLException {
    try (ResultSet r = statement.executeQuery(sql)) {
      r.next();
      return r.getString(1);
    }
  }

  /** For SET TRANSACTION SNAPSHOT. */
  public String name() {
    return name;
  }

  /** Which transactions it sees. */
  public PgSnapshot contents() {
    return contents;
  }

  /** Every transaction that it sees was committed before this LSN. */
  public long lsn() {
    return lsn;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      org.slf4j.LoggerFactory.getLogger(ExportedSnapshot.class)
          .debug("closing the exported snapshot failed");
    }
  }
}
