package io.bottledwater.source.catalog;

import io.bottledwater.postgres.Lsn;
import io.bottledwater.postgres.PgSnapshot;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What goes on in the server: its WAL, its transactions, its locks. Over the catalog's session, on
 * its thread.
 */
public final class ServerActivity {
  private final Connection connection;
  private long flushMillis;

  ServerActivity(Connection connection) {
    this.connection = connection;
  }

  /** Whether the server is a standby. */
  public boolean isInRecovery() throws SQLException {
    return number("SELECT pg_is_in_recovery()::int") == 1;
  }

  /** The end of the server's WAL (the replay position on a standby). */
  public long walEnd() throws SQLException {
    return position("pg_current_wal_flush_lsn()");
  }

  /**
   * A position above every commit that a statement before has seen (the replay position on a
   * standby). Not all before it may be flushed.
   */
  public long walInsertEnd() throws SQLException {
    return position("pg_current_wal_insert_lsn()");
  }

  private long position(String ofPrimary) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet r =
            statement.executeQuery(
                "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE "
                    + ofPrimary
                    + " END::text")) {
      r.next();
      return Lsn.parse(r.getString(1));
    }
  }

  /**
   * After how many milliseconds an asynchronous commit is flushed at the latest (PostgreSQL manual,
   * "Asynchronous Commit": three times {@code wal_writer_delay}).
   */
  public long flushMillis() throws SQLException {
    if (flushMillis == 0) {
      flushMillis =
          100
              + 3
                  * number(
                      "SELECT setting::bigint FROM pg_settings WHERE name = 'wal_writer_delay'");
    }
    return flushMillis;
  }

  /** Which transactions are visible now. */
  public PgSnapshot currentSnapshot() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet r = statement.executeQuery("SELECT txid_current_snapshot()::text")) {
      r.next();
      return PgSnapshot.parse(r.getString(1));
    }
  }

  /**
   * A 64-bit transaction id above all that were given out so far. A snapshot's xmax would not do:
   * it is counted from the last transaction that ended.
   */
  public long freshXid() throws SQLException {
    return number("SELECT txid_current()");
  }

  /** The 64-bit id below which every transaction has ended. */
  public long oldestXid() throws SQLException {
    return number("SELECT txid_snapshot_xmin(txid_current_snapshot())");
  }

  /** Names the session with the oldest transaction id. */
  public String oldestTransaction() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet r =
            statement.executeQuery(
                "SELECT 'pid ' || pid || ' (' || coalesce(state, 'unknown') || ')'"
                    + " FROM pg_stat_activity WHERE backend_xid IS NOT NULL"
                    + " ORDER BY age(backend_xid) DESC LIMIT 1")) {
      return r.next() ? r.getString(1) : "a prepared transaction";
    }
  }

  /** OIDs of the relations of this database that somebody holds, or waits for, exclusively. */
  public Set<Long> exclusivelyLocked() throws SQLException {
    Set<Long> oids = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet r =
            statement.executeQuery(
                "SELECT relation::bigint FROM pg_locks WHERE mode = 'AccessExclusiveLock'"
                    + " AND database = (SELECT oid FROM pg_database"
                    + " WHERE datname = current_database()) AND relation IS NOT NULL")) {
      while (r.next()) {
        oids.add(r.getLong(1));
      }
    }
    return oids;
  }

  /** Names some sessions that hold tables of users so that others have to wait. */
  public String lockHolders() throws SQLException {
    List<String> holders = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet r =
            statement.executeQuery(
                "SELECT DISTINCT n.nspname || '.' || c.relname || ' by '"
                    + " || coalesce('pid ' || l.pid, 'a prepared transaction')"
                    + " FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
                    + " JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE l.granted AND l.database = (SELECT oid FROM pg_database"
                    + " WHERE datname = current_database())"
                    + " AND c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_'"
                    + " AND l.mode IN ('ShareUpdateExclusiveLock', 'ShareLock',"
                    + " 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock') LIMIT 5")) {
      while (r.next()) {
        holders.add(r.getString(1));
      }
    }
    return holders.isEmpty() ? "none any more" : String.join(", ", holders);
  }

  private long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet r = statement.executeQuery(sql)) {
      r.next();
      return r.getLong(1);
    }
  }
}
