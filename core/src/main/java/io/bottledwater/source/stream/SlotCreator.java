package io.bottledwater.source.stream;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.postgres.Identifiers;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.source.catalog.PostgresConnector;
import io.bottledwater.source.catalog.PostgresErrors;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates a logical replication slot and keeps the snapshot that it exports alive until closed
 * (PostgreSQL manual, "Streaming Replication Protocol", CREATE_REPLICATION_SLOT).
 *
 * <p>The server waits for every transaction that is running at that moment. When that takes long,
 * the sessions in the way are named in the log. One of them may itself be waiting for a lock that
 * the snapshot has taken already; the server does not see that as a deadlock, so it is looked for
 * here, and the slot is given up for the time being.
 */
public final class SlotCreator implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SlotCreator.class);
  private static final long PATIENCE_NANOS = 3_000_000_000L;
  private static final long LOOK_NANOS = 1_000_000_000L;
  private static final long POLL_MILLIS = 200;
  private static final int VERSION_WITH_FAILOVER = 17;

  private final Connection connection;
  private final long consistentPoint;
  private final String snapshotName;

  private SlotCreator(Connection connection, long consistentPoint, String snapshotName) {
    this.connection = connection;
    this.consistentPoint = consistentPoint;
    this.snapshotName = snapshotName;
  }

  /**
   * @param lockPids server processes whose locks are held until the slot has been created
   * @param cancelled asked several times a second; when it turns true the server is told to give up
   */
  public static SlotCreator create(
      PostgresConnector connector, String slot, List<Integer> lockPids, BooleanSupplier cancelled) {
    Connection connection = connector.openReplication();
    AtomicBoolean givesWay = new AtomicBoolean();
    // Opened before, because later there may be no connection left for it: sessions pile up behind
    // the locks.
    try (Statement statement = connection.createStatement();
        Connection look = connector.open();
        Statement looking = look.createStatement()) {
      Thread watcher =
          new Thread(
              () -> watch(looking, statement, lockPids, cancelled, givesWay), "bw-slot-watcher");
      watcher.setDaemon(true);
      watcher.start();
      try (ResultSet r =
          statement.executeQuery(
              "CREATE_REPLICATION_SLOT "
                  + Identifiers.quote(slot)
                  + " LOGICAL pgoutput "
                  + options(connection))) {
        r.next();
        return new SlotCreator(
            connection, Lsn.parse(r.getString("consistent_point")), r.getString("snapshot_name"));
      } finally {
        watcher.interrupt();
      }
    } catch (SQLException e) {
      try {
        connection.close();
      } catch (SQLException suppressed) {
        e.addSuppressed(suppressed);
      }
      if (givesWay.get()) {
        throw new BottledWaterException(
            ErrorCode.TABLE_CHANGED,
            "A transaction that slot "
                + slot
                + " has to wait for is about to alter a table of the snapshot; it goes first.",
            e);
      }
      throw PostgresErrors.translate(e, "creating slot " + slot, connector.address());
    } catch (BottledWaterException e) {
      closeQuietly(connection);
      throw e;
    }
  }

  // From PostgreSQL 17 on a slot may be synchronised to standbys, so that it outlives a failover.
  // Without standbys that costs nothing; a standby's own slots cannot be handed on.
  private static String options(Connection connection) throws SQLException {
    if (connection.getMetaData().getDatabaseMajorVersion() < VERSION_WITH_FAILOVER) {
      return "EXPORT_SNAPSHOT";
    }
    try (Statement statement = connection.createStatement();
        ResultSet r = statement.executeQuery("SELECT pg_is_in_recovery()")) {
      r.next();
      return r.getBoolean(1) ? "(SNAPSHOT 'export')" : "(SNAPSHOT 'export', FAILOVER)";
    }
  }

  // What fails once, for instance for want of memory, is tried again: nobody else would see the
  // deadlock, or hear that the pump is to stop.
  private static void watch(
      Statement looking,
      Statement creating,
      List<Integer> lockPids,
      BooleanSupplier cancelled,
      AtomicBoolean givesWay) {
    long nextReport = System.nanoTime() + PATIENCE_NANOS;
    long nextLook = System.nanoTime() + LOOK_NANOS;
    while (true) {
      try {
        Thread.sleep(POLL_MILLIS);
        if (cancelled.getAsBoolean()) {
          creating.cancel();
          return;
        }
        if (System.nanoTime() > nextLook) {
          nextLook = System.nanoTime() + LOOK_NANOS;
          if (isDeadlocked(looking, lockPids)) {
            givesWay.set(true);
            creating.cancel();
            return;
          }
        }
        if (System.nanoTime() > nextReport) {
          nextReport = System.nanoTime() + PATIENCE_NANOS;
          report(looking);
        }
      } catch (InterruptedException e) {
        // The slot has been created.
        return;
      } catch (SQLException e) {
        log.debug("looking for sessions that hold up the slot failed");
      }
    }
  }

  // Asked of pg_locks, which shows all sessions to everybody.
  private static boolean isDeadlocked(Statement looking, List<Integer> lockPids)
      throws SQLException {
    if (lockPids.isEmpty()) {
      return false;
    }
    String pids = lockPids.stream().map(String::valueOf).collect(Collectors.joining(","));
    try (ResultSet r =
        looking.executeQuery(
            "WITH RECURSIVE waiting AS (SELECT DISTINCT pid, pg_blocking_pids(pid) AS blockers"
                + " FROM pg_locks WHERE NOT granted AND pid IS NOT NULL),"
                + " stuck(pid) AS (SELECT unnest(ARRAY["
                + pids
                + "]) UNION SELECT w.pid FROM stuck s JOIN waiting w ON s.pid = ANY(w.blockers))"
                + " SELECT EXISTS (SELECT FROM stuck s JOIN pg_locks l ON l.pid = s.pid"
                + " WHERE l.locktype = 'transactionid' AND l.granted)")) {
      return r.next() && r.getBoolean(1);
    }
  }

  private static void report(Statement looking) throws SQLException {
    List<String> blockers = new ArrayList<>();
    try (ResultSet r =
        looking.executeQuery(
            "SELECT pid, coalesce(state, 'unknown'),"
                + " coalesce(extract(epoch FROM now() - xact_start), 0)::bigint"
                + " FROM pg_stat_activity WHERE backend_xid IS NOT NULL"
                + " ORDER BY xact_start LIMIT 5")) {
      while (r.next()) {
        blockers.add("pid " + r.getInt(1) + " (" + r.getString(2) + ", " + r.getLong(3) + " s)");
      }
    }
    if (!blockers.isEmpty()) {
      log.warn(
          "The slot waits for running transactions to end; in the way: {}. End them, or"
              + " pg_terminate_backend(pid).",
          String.join(", ", blockers));
    }
  }

  /** Changes committed from here on come through the slot, earlier ones are in the snapshot. */
  public long consistentPoint() {
    return consistentPoint;
  }

  /** For SET TRANSACTION SNAPSHOT, as long as this object is open. */
  public String snapshotName() {
    return snapshotName;
  }

  /** Lets go of the exported snapshot; the slot stays. */
  @Override
  public void close() {
    closeQuietly(connection);
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      log.debug("closing the slot's session failed");
    }
  }
}
