package io.bottledwater.source.snapshot;

import io.bottledwater.source.catalog.PostgresConnector;
import io.bottledwater.source.catalog.PostgresErrors;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A snapshot of now, exported for several readers; used to go on with a snapshot that was
 * interrupted, whose own snapshot has gone.
 */
public final class ExportedSnapshot implements AutoCloseable {
  private final Connection connection;
  private final String name;

  private ExportedSnapshot(Connection connection, String name) {
    this.connection = connection;
    this.name = name;
  }

  public static ExportedSnapshot take(PostgresConnector connector) {
    Connection connection = connector.open();
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
      try (ResultSet r = statement.executeQuery("SELECT pg_export_snapshot()")) {
        r.next();
        return new ExportedSnapshot(connection, r.getString(1));
      }
    } catch (SQLException e) {
      try {
        connection.close();
      } catch (SQLException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw PostgresErrors.translate(e, "exporting a snapshot", connector.address());
    }
  }

  public String name() {
    return name;
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
