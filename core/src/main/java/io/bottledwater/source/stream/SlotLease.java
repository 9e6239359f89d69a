package io.bottledwater.source.stream;

import io.bottledwater.source.catalog.PostgresConnector;
import io.bottledwater.source.catalog.PostgresErrors;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may use a slot: an advisory lock of the database, held by a session that shows every two
 * seconds that its process is alive. It comes before everything else, so that a second pump neither
 * disturbs the first at PostgreSQL nor fences it at Kafka; Kafka's fencing remains the guarantee,
 * the lease is what makes waiting orderly.
 *
 * <p>A process that is killed loses its session and so the lease at once. One that is stopped or
 * cut off keeps the session but goes silent; after ten seconds its session is terminated. A server
 * that is silent for as long is taken for gone, and with this session all others end.
 */
public final class SlotLease implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SlotLease.class);

  // "BWSL"; the second half of the lock's key is the slot's name.
  private static final int LOCK_CLASS = 0x4257534C;
  private static final long HEARTBEAT_MILLIS = 2000;
  private static final long POLL_MILLIS = 1000;
  private static final int SILENCE_SECONDS = 10;

  // Half of the silence after which another pump takes over.
  private static final long SURE_NANOS = TimeUnit.SECONDS.toNanos(SILENCE_SECONDS) / 2;

  // No statement of this session takes the server any time: without an answer its host is gone, or
  // the way to it.
  private static final int ANSWER_MILLIS = 10_000;
  private static final long REMIND_NANOS = TimeUnit.MINUTES.toNanos(5);

  private final PostgresConnector connector;
  private final Connection connection;
  private final Thread heartbeat;
  private volatile long answeredNanos = System.nanoTime();
  private volatile boolean lost;
  private volatile boolean closed;

  private SlotLease(PostgresConnector connector, Connection connection) {
    this.connector = connector;
    this.connection = connection;
    this.heartbeat = new Thread(this::beat, "bw-slot-lease");
    this.heartbeat.setDaemon(true);
  }

  /**
   * Waits for the lease as long as it takes.
   *
   * @param cancelled asked every second
   * @param waiting is called once when another pump has the lease
   * @return null when cancelled
   */
  public static @Nullable SlotLease acquire(
      PostgresConnector connector, String slot, BooleanSupplier cancelled, Runnable waiting)
      throws InterruptedException {
    Connection connection = connector.open();
    boolean acquired = false;
    try {
      connection.setNetworkTimeout(Runnable::run, ANSWER_MILLIS);
      int key = key(slot);
      long remindNanos = 0;
      while (!cancelled.getAsBoolean()) {
        if (tryLock(connection, key)) {
          acquired = true;
          SlotLease lease = new SlotLease(connector, connection);
          lease.heartbeat.start();
          return lease;
        }
        if (remindNanos == 0) {
          waiting.run();
        }
        if (remindNanos == 0 || System.nanoTime() > remindNanos) {
          log.info("Another pump has slot {}; waiting to take over.", slot);
          remindNanos = System.nanoTime() + REMIND_NANOS;
        }
        terminateSilent(connection, key);
        Thread.sleep(POLL_MILLIS);
      }
      return null;
    } catch (SQLException e) {
      throw PostgresErrors.translate(e, "waiting for slot " + slot, connector.address());
    } finally {
      if (!acquired) {
        closeQuietly(connection);
      }
    }
  }

  /** Whether the lease has been taken away. */
  public boolean isLost() {
    return lost;
  }

  /**
   * Whether nobody else can have taken the lease yet. A process that has been stopped for a while
   * does not know before it asks.
   */
  public boolean isSure() {
    return System.nanoTime() - answeredNanos < SURE_NANOS ? !lost : isHeld();
  }

  /** Asks the server whether the lease still stands. */
  public boolean isHeld() {
    if (lost) {
      return false;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT 1");
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  private static boolean tryLock(Connection connection, int key) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_try_advisory_lock(?, ?)")) {
      statement.setInt(1, LOCK_CLASS);
      statement.setInt(2, key);
      try (ResultSet r = statement.executeQuery()) {
        r.next();
        return r.getBoolean(1);
      }
    }
  }

  /** Whether any pump has the lease of a slot of this session's database. */
  public static boolean isTaken(Connection connection, String slot) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted"
                + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                + " AND classid::bigint = ? AND objid::bigint = ?")) {
      statement.setLong(1, LOCK_CLASS);
      statement.setLong(2, key(slot) & 0xFFFFFFFFL);
      try (ResultSet r = statement.executeQuery()) {
        return r.next();
      }
    }
  }

  private static void terminateSilent(Connection connection, int key) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT a.pid, pg_terminate_backend(a.pid) FROM pg_locks l"
                + " JOIN pg_stat_activity a ON a.pid = l.pid"
                + " WHERE l.locktype = 'advisory' AND l.granted"
                + " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                + " AND l.classid::bigint = ? AND l.objid::bigint = ?"
                + " AND a.state = 'idle'"
                + " AND a.state_change < clock_timestamp() - ? * interval '1 second'")) {
      statement.setLong(1, LOCK_CLASS);
      statement.setLong(2, key & 0xFFFFFFFFL);
      statement.setInt(3, SILENCE_SECONDS);
      try (ResultSet r = statement.executeQuery()) {
        while (r.next()) {
          log.warn(
              "The pump behind pid {} has been silent for {} s; its session is terminated.",
              r.getInt(1),
              SILENCE_SECONDS);
        }
      }
    }
  }

  private static int key(String slot) {
    CRC32 crc = new CRC32();
    crc.update(slot.getBytes(StandardCharsets.UTF_8));
    return (int) crc.getValue();
  }

  private void beat() {
    try (Statement statement = connection.createStatement()) {
      while (!closed) {
        Thread.sleep(HEARTBEAT_MILLIS);
        statement.execute("SELECT 1");
        answeredNanos = System.nanoTime();
      }
    } catch (SQLException e) {
      lost = true;
      if (!closed) {
        log.warn("The session that holds the slot's lease has ended.");
        String state = e.getSQLState();
        if (state != null && state.startsWith("08")) {
          // The others may be waiting for the same host, which never tells them that it is gone.
          connector.abortAll();
        }
      }
    } catch (InterruptedException e) {
      // Closing.
    }
  }

  @Override
  public void close() {
    closed = true;
    heartbeat.interrupt();
    closeQuietly(connection);
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      log.debug("closing the lease's session failed");
    }
  }
}
