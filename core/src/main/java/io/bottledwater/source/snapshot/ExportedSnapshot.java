package io.bottledwater.source.snapshot;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.postgres.Identifiers;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.postgres.PgSnapshot;
import io.bottledwater.source.catalog.PostgresConnector;
import io.bottledwater.source.catalog.PostgresErrors;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot that several sessions can import, as long as this object is open.
 *
 * <p>Rows carry the id of the subtransaction that made them, but {@code txid_current_snapshot()}
 * names top-level transactions only: a row of an open savepoint would look as if it were seen. So
 * {@link #contents} lists the subtransactions, too. A slot's own snapshot has them from the start,
 * since it lists whatever had not committed. For others each id in question is looked up, from the
 * newest down: a subtransaction is newer than its parent, so one whose parent is still found
 * running cannot have been missed. Where a parent has ended meanwhile, a new snapshot is taken.
 */
public final class ExportedSnapshot implements AutoCloseable {
  private static final int ATTEMPTS = 50;

  // What an old transaction and busy sessions leave between them; each costs about a microsecond.
  private static final int IDS_LOOKED_UP = 1_000_000;

  // The ledger keeps the ids of a basis in one entry: some 200 KB.
  private static final int IDS_NAMED = 20_000;

  private static final long FLUSH_POLL_MILLIS = 20;

  private static final String FLUSHED =
      "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()"
          + " ELSE pg_current_wal_flush_lsn() END::text";
  private static final String CONTENTS = "SELECT txid_current_snapshot()::text";
  private static final String RUNNING =
      "SELECT s::text, array_to_string(ARRAY(SELECT id FROM"
          + " generate_series(txid_snapshot_xmax(s) - 1, greatest(txid_snapshot_xmin(s),"
          + " txid_snapshot_xmax(s) - "
          + IDS_LOOKED_UP
          + "), -1) id WHERE txid_status(id) = 'in progress' LIMIT "
          + (IDS_NAMED + 1)
          + "), ',')"
          + " FROM txid_current_snapshot() s";

  private final Connection connection;
  private final String name;
  private final PgSnapshot contents;
  private final boolean exact;
  private final long lsn;

  private ExportedSnapshot(
      Connection connection, String name, PgSnapshot contents, boolean exact, long lsn) {
    this.connection = connection;
    this.name = name;
    this.contents = contents;
    this.exact = exact;
    this.lsn = lsn;
  }

  /** A snapshot of now. */
  public static ExportedSnapshot take(PostgresConnector connector) {
    return open(connector, null);
  }

  /**
   * Holds on to a slot's snapshot that the session which made the slot may let go of.
   *
   * @param name as that session was told
   */
  public static ExportedSnapshot importing(PostgresConnector connector, String name) {
    return open(connector, name);
  }

  /**
   * Waits until everything that the snapshot sees is flushed. Commits that are asynchronous are
   * seen before that, and a crash of the server undoes them: their transaction ids are then given
   * out again, to transactions whose changes would be taken for seen.
   *
   * @param flushMillis after how long an asynchronous commit is flushed. An open transaction can
   *     leave its last page of WAL unflushed for ever: what has been committed on it is flushed by
   *     then
   * @param cancelled asked several times a second
   * @throws BottledWaterException a retriable one when cancelled
   */
  public void awaitFlushed(long flushMillis, BooleanSupplier cancelled)
      throws SQLException, InterruptedException {
    long begunNanos = System.nanoTime();
    long end = Lsn.beforePageHeader(lsn);
    long wholePages = lsn - Long.remainderUnsigned(lsn, Lsn.PAGE_BYTES);
    try (Statement statement = connection.createStatement()) {
      while (true) {
        long flushed = Lsn.parse(single(statement, FLUSHED));
        boolean late = System.nanoTime() - begunNanos > TimeUnit.MILLISECONDS.toNanos(flushMillis);
        if (Lsn.compare(flushed, late ? wholePages : end) >= 0) {
          return;
        }
        if (cancelled.getAsBoolean()) {
          throw new BottledWaterException(
              ErrorCode.POSTGRES_UNREACHABLE, "Stopped while WAL was about to be flushed.");
        }
        Thread.sleep(FLUSH_POLL_MILLIS);
      }
    }
  }

  private static ExportedSnapshot open(PostgresConnector connector, @Nullable String imported) {
    Connection connection = connector.open();
    try (Statement statement = connection.createStatement()) {
      PgSnapshot contents = null;
      boolean exact = true;
      if (imported != null) {
        begin(statement);
        statement.execute("SET TRANSACTION SNAPSHOT " + Identifiers.literal(imported));
        contents = PgSnapshot.parse(single(statement, CONTENTS));
      } else {
        begin(statement);
        contents = contentsWithSubtransactions(statement);
        for (int attempt = 1; attempt < ATTEMPTS && contents == null; attempt++) {
          statement.execute("ROLLBACK");
          begin(statement);
          contents = contentsWithSubtransactions(statement);
        }
        if (contents == null) {
          exact = false;
          contents = PgSnapshot.parse(single(statement, CONTENTS));
        }
      }
      String name = imported != null ? imported : single(statement, "SELECT pg_export_snapshot()");
      // Read after the snapshot was taken, so everything that the snapshot sees lies before it.
      long lsn =
          Lsn.parse(
              single(
                  statement,
                  "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()"
                      + " ELSE pg_current_wal_insert_lsn() END::text"));
      return new ExportedSnapshot(connection, name, contents, exact, lsn);
    } catch (SQLException e) {
      try {
        connection.close();
      } catch (SQLException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw PostgresErrors.translate(e, "exporting a snapshot", connector.address());
    }
  }

  private static void begin(Statement statement) throws SQLException {
    statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
  }

  /** Null when it cannot be told; the transaction's snapshot has been taken all the same. */
  private static @Nullable PgSnapshot contentsWithSubtransactions(Statement statement)
      throws SQLException {
    try (ResultSet r = statement.executeQuery(RUNNING)) {
      r.next();
      return PgSnapshot.parse(r.getString(1))
          .withSubtransactions(r.getString(2), IDS_LOOKED_UP, IDS_NAMED);
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

  /** Which transactions it sees, subtransactions among them. */
  public PgSnapshot contents() {
    return contents;
  }

  /** Whether {@link #contents} is sure to tell subtransactions that were running. */
  public boolean isExact() {
    return exact;
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
