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
import java.util.function.BooleanSupplier;

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

  /**
   * Waits for the locks as long as it takes.
   *
   * @param cancelled asked every few seconds
   * @throws io.bottledwater.error.BottledWaterException a retriable one when cancelled
   */
  public static TableLocks acquire(
      PostgresConnector connector, List<Relation> tables, BooleanSupplier cancelled) {
    Connection connection = connector.open();
    TableLocks locks = new TableLocks(connection);
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN");
      statement.execute("SET LOCAL lock_timeout = '2s'");
      for (int from = 0; from < tables.size(); from += TABLES_PER_STATEMENT) {
        List<String> names = new ArrayList<>();
        for (Relation table :
            tables.subList(from, Math.min(tables.size(), from + TABLES_PER_STATEMENT))) {
          names.add(Identifiers.quote(table.schema(), table.name()));
        }
        lock(
            statement,
            "LOCK TABLE " + String.join(", ", names) + " IN ACCESS SHARE MODE",
            cancelled);
      }
      return locks;
    } catch (SQLException e) {
      locks.close();
      throw PostgresErrors.translate(e, "locking the tables of the snapshot", connector.address());
    }
  }

  private static void lock(Statement statement, String sql, BooleanSupplier cancelled)
      throws SQLException {
    while (true) {
      statement.execute("SAVEPOINT before_lock");
      try {
        statement.execute(sql);
        return;
      } catch (SQLException e) {
        if (!"55P03".equals(e.getSQLState()) || cancelled.getAsBoolean()) {
          throw e;
        }
        statement.execute("ROLLBACK TO SAVEPOINT before_lock");
      }
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
