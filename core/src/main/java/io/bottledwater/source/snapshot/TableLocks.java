package io.bottledwater.source.snapshot;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.postgres.Identifiers;
import io.bottledwater.postgres.Relation;
import io.bottledwater.source.catalog.Catalog;
import io.bottledwater.source.catalog.PostgresConnector;
import io.bottledwater.source.catalog.PostgresErrors;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The sessions of a snapshot, each with ACCESS SHARE locks on all of its tables, taken before the
 * snapshot and held until it has been read. Without them a rewriting ALTER TABLE between the two
 * would leave the snapshot's readers with an empty table and no sign of it. They stop nothing but
 * ACCESS EXCLUSIVE, and assign no transaction id.
 *
 * <p>Each session has its own: a session without would have to queue behind an ALTER TABLE that
 * waits for the others, and neither would ever end. That is also why everything that opens a table
 * while the locks are held has to be asked of one of these sessions.
 */
public final class TableLocks implements AutoCloseable {
  private static final int TABLES_PER_STATEMENT = 500;
  private static final long PAUSE_MILLIS = 100;
  private static final long REMIND_NANOS = TimeUnit.SECONDS.toNanos(30);

  // Below the usual deadlock_timeout: an application is never to be the victim.
  private static final int LOCK_MILLIS = 700;
  private static final int TRY_MILLIS = 300;

  // The default, doubled.
  private static final int LEAST_LOCKS = 128;
  private static final int OBJECTS_A_TABLE = 5;
  private static final int CONNECTIONS = 100;

  private final List<Connection> sessions = new ArrayList<>();
  private final List<Integer> pids = new ArrayList<>();

  private TableLocks() {}

  /**
   * Waits for the locks as long as it takes.
   *
   * @param readers how many sessions may read
   * @param cancelled asked every few seconds
   * @throws BottledWaterException a retriable one when cancelled
   */
  public static TableLocks acquire(
      PostgresConnector connector, List<Relation> tables, int readers, BooleanSupplier cancelled) {
    TableLocks locks = new TableLocks();
    try {
      locks.open(connector, readers);
      long remindNanos = System.nanoTime() + REMIND_NANOS / 10;
      while (!locks.lockAll(tables, LOCK_MILLIS, 0)) {
        if (cancelled.getAsBoolean()) {
          throw new BottledWaterException(
              ErrorCode.TABLE_CHANGED, "Stopped while waiting for a table that is being altered.");
        }
        if (System.nanoTime() > remindNanos) {
          remindNanos = System.nanoTime() + REMIND_NANOS;
          LoggerFactory.getLogger(TableLocks.class)
              .warn(
                  "The snapshot waits for locks on tables; held: {}.",
                  new Catalog(locks.session()).activity().lockHolders());
        }
        pause();
      }
      return locks;
    } catch (SQLException e) {
      locks.close();
      if (PostgresErrors.isLackOfLocks(e)) {
        throw tooMany(tables.size(), locks.sessions.size(), connector.address(), e);
      }
      throw PostgresErrors.translate(e, "locking the tables of the snapshot", connector.address());
    } catch (RuntimeException e) {
      locks.close();
      throw e;
    }
  }

  // The server has room for max_locks_per_transaction times max_connections objects, and for twice
  // as many holders (PostgreSQL manual, "Lock Management"). Reading a table also locks its indexes
  // and what holds its large values, by one of the readers.
  private static BottledWaterException tooMany(
      int tables, int sessions, String address, SQLException e) {
    long objects = Math.max(OBJECTS_A_TABLE, (sessions + OBJECTS_A_TABLE) / 2);
    return new BottledWaterException(
        ErrorCode.LOCKS_EXHAUSTED,
        address
            + " has no room for the locks of "
            + sessions
            + " sessions on "
            + tables
            + " tables and their partitions.",
        "Run: ALTER SYSTEM SET max_locks_per_transaction = "
            + Math.max(LEAST_LOCKS, tables * objects / CONNECTIONS)
            + "; then restart the server. --snapshot-threads=1 takes fewer locks.",
        e);
  }

  /**
   * The same, but null when somebody holds one of the tables. {@link #session} then does not wait
   * for other locks either, but fails with SQLSTATE 55P03.
   */
  public static @Nullable TableLocks tryAcquire(
      PostgresConnector connector, List<Relation> tables, int readers) {
    TableLocks locks = new TableLocks();
    boolean locked = false;
    try {
      locks.open(connector, readers);
      locked = locks.lockAll(tables, TRY_MILLIS, TRY_MILLIS);
      return locked ? locks : null;
    } catch (SQLException e) {
      throw PostgresErrors.translate(e, "locking new tables", connector.address());
    } finally {
      if (!locked) {
        locks.close();
      }
    }
  }

  private void open(PostgresConnector connector, int readers) throws SQLException {
    for (int i = 0; i <= readers; i++) {
      Connection session = connector.open();
      sessions.add(session);
      pids.add(pid(session));
    }
  }

  private static int pid(Connection session) throws SQLException {
    try (Statement statement = session.createStatement();
        ResultSet r = statement.executeQuery("SELECT pg_backend_pid()")) {
      r.next();
      return r.getInt(1);
    }
  }

  /**
   * @param millis how long to wait for each statement
   * @param afterwards the same for what the first session does then, 0 for no limit
   * @return false when somebody holds one of the tables, or waits for one that an earlier session
   *     has locked already: then nothing is locked
   */
  private boolean lockAll(List<Relation> tables, int millis, int afterwards) throws SQLException {
    for (int i = 0; i < sessions.size(); i++) {
      try (Statement statement = sessions.get(i).createStatement()) {
        // LOCK TABLE takes no snapshot, so that readers can import one afterwards. The driver has
        // to
        // know of the first session's transaction: the catalog, which is read in it, looks for one.
        if (i == 0) {
          sessions.get(i).setAutoCommit(false);
        } else {
          statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        }
        statement.execute("SET LOCAL lock_timeout = " + millis);
        lock(statement, tables);
        statement.execute("SET LOCAL lock_timeout = " + (i == 0 ? afterwards : 0));
      } catch (SQLException e) {
        if (!"55P03".equals(e.getSQLState())) {
          throw e;
        }
        for (int locked = 0; locked <= i; locked++) {
          try (Statement statement = sessions.get(locked).createStatement()) {
            statement.execute("ROLLBACK");
          }
        }
        return false;
      }
    }
    return true;
  }

  private static void lock(Statement statement, List<Relation> tables) throws SQLException {
    for (int from = 0; from < tables.size(); from += TABLES_PER_STATEMENT) {
      List<String> names = new ArrayList<>();
      for (Relation table :
          tables.subList(from, Math.min(tables.size(), from + TABLES_PER_STATEMENT))) {
        names.add(Identifiers.quote(table.schema(), table.name()));
      }
      statement.execute("LOCK TABLE " + String.join(", ", names) + " IN ACCESS SHARE MODE");
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BottledWaterException(
          ErrorCode.POSTGRES_UNREACHABLE, "Interrupted while waiting for tables.", e);
    }
  }

  /** The session in which to look at the tables. It stays open, and in its transaction. */
  public Connection session() {
    return sessions.get(0);
  }

  /** A session that has taken no snapshot yet. */
  Connection reader(int index) {
    return sessions.get(index + 1);
  }

  /** Process ids of the sessions on the server. */
  public List<Integer> pids() {
    return List.copyOf(pids);
  }

  @Override
  public void close() {
    for (Connection session : sessions) {
      try {
        session.close();
      } catch (SQLException e) {
        LoggerFactory.getLogger(TableLocks.class).debug("closing a snapshot session failed");
      }
    }
  }
}
