package io.bottledwater.source.snapshot;

import io.bottledwater.postgres.Identifiers;
import io.bottledwater.postgres.Relation;
import io.bottledwater.source.catalog.PostgresConnector;
import io.bottledwater.source.catalog.PostgresErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * ACCESS SHARE locks on all tables of a snapshot, taken before the snapshot and held until it has
 * been read. Without them a rewriting ALTER TABLE between the two would leave the snapshot's
 * readers with an empty table and no sign of it. They stop nothing but ACCESS EXCLUSIVE, and assign
 * no transaction id, so creating the slot does not wait for them.
 */
public final class TableLocks implements AutoCloseable {
  private static final int TABLES_PER_STATEMENT = 500;

  private final Connection connection;

  private TableLocks(Connection connection) {
    this.connection = connection;
  }

  public static TableLocks acquire(PostgresConnector connector, List<Relation> tables) {
    Connection connection = connector.open();
    TableLocks locks = new TableLocks(connection);
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN");
      for (int from = 0; from < tables.size(); from += TABLES_PER_STATEMENT) {
        List<String> names = new ArrayList<>();
        for (Relation table :
            tables.subList(from, Math.min(tables.size(), from + TABLES_PER_STATEMENT))) {
          names.add(Identifiers.quote(table.schema(), table.name()));
        }
        statement.execute("LOCK TABLE " + String.join(", ", names) + " IN ACCESS SHARE MODE");
      }
      return locks;
    } catch (SQLException e) {
      locks.close();
      throw PostgresErrors.translate(e, "locking the tables of the snapshot", connector.address());
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      org.slf4j.LoggerFactory.getLogger(TableLocks.class).debug("closing the locks failed");
    }
  }
}
