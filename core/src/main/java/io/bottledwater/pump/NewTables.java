package io.bottledwater.pump;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.sink.SinkWriter;
import io.bottledwater.sink.StateEntry;
import io.bottledwater.source.catalog.Catalog;
import io.bottledwater.source.catalog.PostgresConnector;
import io.bottledwater.source.catalog.PostgresErrors;
import io.bottledwater.source.catalog.TableInfo;
import io.bottledwater.source.snapshot.ExportedSnapshot;
import io.bottledwater.source.snapshot.SnapshotProgress;
import io.bottledwater.source.snapshot.TableLocks;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in tables that appear while the pump streams: adds them to the publication where it may,
 * waits until every transaction has ended that began before (it might have changed the table
 * unpublished), and reads them, a slice at a time between two transactions of the stream.
 *
 * <p>Why slices may lie apart: the first slice's snapshot is the table's basis, and a later slice
 * leaves out row versions that the basis does not see, so it reads only rows that have not changed
 * since. Whatever changes them later commits after the slice's snapshot, hence after all that the
 * stream has written so far, and so comes after the row.
 *
 * <p>One thread, the stream's.
 */
final class NewTables {
  private static final Logger log = LoggerFactory.getLogger(NewTables.class);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long REMIND_NANOS = TimeUnit.SECONDS.toNanos(30);

  // The stream is kept waiting for this long (and the chunk that is being read then), then has as
  // much time for itself.
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  // Below deadlock_timeout, so that no application and no autovacuum has to give way.
  private static final int LOCK_MILLIS = 300;
  static final String LOCKED = "55P03";

  private final PumpSettings settings;
  private final Publications publications;
  private final PostgresConnector connector;
  private final Catalog catalog;
  private final TableLedger ledger;
  private final TableSnapshots snapshots;
  private final TableAdmission admission;
  private final Preparation preparation;
  private final EarlyChanges early;
  private final AtomicBoolean stop;
  private String lastSeen = "";
  private long nextLookNanos = System.nanoTime();
  private List<TableInfo> reading = List.of();
  private SnapshotProgress progress = new SnapshotProgress();
  private long awaitedXid;
  private boolean lookAgain;
  private boolean ledgerChanged;

  // Whether the sessions of a slice are being opened: nothing of it has been read yet.
  private boolean opening;

  private long remindNanos;
  private List<TableInfo> waiting = List.of();

  /** Compiles plans, and so topics and schemas, of tables ahead of their first row. */
  interface Preparation {
    void prepare(List<TableInfo> tables);
  }

  NewTables(
      PumpSettings settings,
      Publications publications,
      PostgresConnector connector,
      Catalog catalog,
      TableLedger ledger,
      TableSnapshots snapshots,
      Preparation preparation,
      EarlyChanges early,
      AtomicBoolean stop) {
    this.early = early;
    this.stop = stop;
    this.settings = settings;
    this.publications = publications;
    this.connector = connector;
    this.catalog = catalog;
    this.ledger = ledger;
    this.snapshots = snapshots;
    this.admission = new TableAdmission(settings, publications, catalog);
    this.preparation = preparation;
  }

  /**
   * @param drained whether the stream has nothing to do: then the next slice need not wait
   */
  long dueInMillis(long nowNanos, boolean drained) {
    return drained && !reading.isEmpty()
        ? 0
        : TimeUnit.NANOSECONDS.toMillis(nextLookNanos - nowNanos + 999_999);
  }

  /**
   * Looks for new tables; reads those that are ready. The stream stands between two transactions
   * and everything before is committed.
   *
   * @param force looks even though the catalog seems unchanged
   * @param reachedLsn what commits before this has been written
   * @return whether the ledger has changed
   */
  boolean look(SinkWriter writer, boolean force, long reachedLsn)
      throws SQLException, InterruptedException {
    ledgerChanged = false;
    opening = false;
    lookAgain |= force;
    try {
      catalog.execute("SET lock_timeout = '" + LOCK_MILLIS + "ms'");
      lookWithoutWaiting(writer, reachedLsn);
      catalog.execute("SET lock_timeout = 0");
    } catch (SQLException e) {
      if (!LOCKED.equals(e.getSQLState())) {
        throw e;
      }
      catalog.execute("SET lock_timeout = 0");
      lookAgain = true;
      remindOfLocks();
      nextLookNanos = System.nanoTime() + LOOK_NANOS;
    } catch (BottledWaterException e) {
      if (!opening || !PostgresErrors.isShortage(e)) {
        throw e;
      }
      catalog.execute("SET lock_timeout = 0");
      remindOfShortage();
      nextLookNanos = System.nanoTime() + LOOK_NANOS;
    }
    return ledgerChanged;
  }

  // Nobody may keep the stream waiting by holding a table, be it with ALTER TABLE or VACUUM: what
  // cannot be locked at once is put off. Some of the catalog's views lock what they show.
  private void lookWithoutWaiting(SinkWriter writer, long reachedLsn)
      throws SQLException, InterruptedException {
    lookAgain |= takeRequests(writer);
    if (!early.isEmpty()) {
      // Only the newest are of interest; the set must not grow while a table has to wait.
      early.seenBy(catalog.activity().currentSnapshot());
    }
    if (reading.isEmpty() && !lookNow(writer, reachedLsn)) {
      nextLookNanos = System.nanoTime() + (waiting.isEmpty() ? LOOK_NANOS : WAIT_NANOS);
      return;
    }
    long startedNanos = System.nanoTime();
    if (!readSlice(writer, reachedLsn)) {
      nextLookNanos = System.nanoTime() + WAIT_NANOS;
      return;
    }
    ledgerChanged = true;
    long endedNanos = System.nanoTime();
    nextLookNanos = endedNanos + (reading.isEmpty() ? 0 : endedNanos - startedNanos);
  }

  /** Notes tables whose snapshot was asked for; their changes go on until it is taken. */
  private boolean takeRequests(SinkWriter writer) throws SQLException {
    List<StateEntry> entries = new ArrayList<>();
    for (SnapshotRequest request : SnapshotRequest.take(catalog, settings.slot())) {
      int tables = 0;
      for (TableInfo table : catalog.tables().userTables()) {
        if (request.matches(table.relation()) && isWanted(table) && ledger.isDone(table)) {
          tables++;
          entries.addAll(ledger.request(table.relation().oid()));
        }
      }
      log.info("A snapshot was asked for: {} tables.", tables);
      request.reply(catalog, settings.slot(), tables);
    }
    return commit(writer, entries);
  }

  private boolean commit(SinkWriter writer, List<StateEntry> entries) {
    if (entries.isEmpty()) {
      return false;
    }
    writer.commit(entries);
    ledger.committed(entries);
    ledgerChanged = true;
    return true;
  }

  /** Whether there is a table to read now. */
  private boolean lookNow(SinkWriter writer, long reachedLsn) throws SQLException {
    if (waiting.isEmpty()) {
      String seen = catalog.publications().fingerprint(publications.names());
      if (seen.equals(lastSeen) && !lookAgain) {
        return false;
      }
      lookAgain = false;
      lastSeen = seen;
      List<TableInfo> wanted = wanted();
      commit(writer, TableGaps.compare(catalog, publications.names(), wanted, ledger, reachedLsn));
      waiting = admission.admit(wanted.stream().filter(table -> !ledger.isDone(table)).toList());
      if (admission.isHeldUp()) {
        lookAgain = true;
        remindOfLocks();
      }
      if (waiting.isEmpty()) {
        return false;
      }
      // Some have been added just now; what is recorded with their basis is how they are held.
      ledger.members(catalog.publications().memberships(publications.names()));
      awaitedXid = catalog.activity().freshXid();
      remindNanos = System.nanoTime() + REMIND_NANOS;
    }
    if (catalog.activity().oldestXid() < awaitedXid) {
      if (System.nanoTime() > remindNanos) {
        remindNanos = System.nanoTime() + REMIND_NANOS;
        log.warn(
            "New tables wait for transactions that began before them; oldest: {}.",
            catalog.activity().oldestTransaction());
      }
      return false;
    }
    List<TableInfo> ready = waiting;
    waiting = List.of();
    preparation.prepare(ready);
    reading = ready;
    progress = new SnapshotProgress();
    return true;
  }

  // False when a commit that has been met in the stream is not visible yet.
  private boolean readSlice(SinkWriter writer, long reachedLsn)
      throws SQLException, InterruptedException {
    // Tables that have been dropped or altered since are seen as they are now.
    Map<Long, TableInfo> known = new HashMap<>();
    catalog.tables().userTables().forEach(table -> known.put(table.relation().oid(), table));
    List<TableInfo> tables = new ArrayList<>();
    for (TableInfo table : reading) {
      TableInfo now = known.get(table.relation().oid());
      if (now != null && isWanted(now)) {
        tables.add(now);
      }
    }
    boolean done = true;
    if (!tables.isEmpty()) {
      opening = true;
      try (TableLocks locks = snapshots.tryLock(tables)) {
        if (locks == null) {
          putOffLocked(tables);
          return false;
        }
        try (ExportedSnapshot snapshot = ExportedSnapshot.take(connector)) {
          opening = false;
          if (!early.seenBy(snapshot.contents())) {
            remindOfInvisible();
            return false;
          }
          done =
              snapshots.take(
                  tables,
                  locks,
                  snapshot,
                  reachedLsn,
                  snapshot.lsn(),
                  ledger,
                  writer,
                  List.of(),
                  progress,
                  canBeSliced(snapshot) ? SLICE_NANOS : TableSnapshots.WITHOUT_LIMIT);
        }
      }
    }
    reading = done ? List.of() : tables;
    return true;
  }

  // A later slice has to tell by its transaction id whether a row has changed since the basis. Once
  // ids have gone round, an old frozen row may carry the same 32 bits as one that is made now.
  private static boolean canBeSliced(ExportedSnapshot snapshot) {
    return snapshot.isExact() && !snapshot.contents().isWrapped();
  }

  // Those that are held wait for their holders, as if they were new; the others need not.
  private void putOffLocked(List<TableInfo> tables) throws SQLException {
    Set<Long> held = catalog.activity().exclusivelyLocked();
    reading = tables.stream().filter(table -> !held.contains(table.relation().oid())).toList();
    lookAgain = true;
    remindOfLocks();
  }

  private void remindOfLocks() throws SQLException {
    if (System.nanoTime() > remindNanos) {
      remindNanos = System.nanoTime() + REMIND_NANOS;
      log.warn("New tables wait for locks on tables; held: {}.", catalog.activity().lockHolders());
    }
  }

  // Those that are followed already do without more sessions.
  private void remindOfShortage() {
    if (System.nanoTime() > remindNanos) {
      remindNanos = System.nanoTime() + REMIND_NANOS;
      log.warn(
          "New tables wait for connections: the server has none left for the {} that their reading"
              + " takes.",
          settings.snapshotThreads() + 2);
    }
  }

  private void remindOfInvisible() {
    if (System.nanoTime() > remindNanos) {
      remindNanos = System.nanoTime() + REMIND_NANOS;
      log.warn(
          "New tables wait for transactions that have been committed and are not visible yet: for"
              + " instance because a synchronous standby does not answer.");
    }
  }

  private List<TableInfo> wanted() throws SQLException {
    return catalog.tables().userTables().stream().filter(this::isWanted).toList();
  }

  private boolean isWanted(TableInfo table) {
    return settings.tables().test(table.relation().schema(), table.relation().name());
  }
}
