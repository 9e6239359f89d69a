package io.bottledwater.pump;

import io.bottledwater.encode.ChangeEncoder;
import io.bottledwater.encode.EncoderSettings;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.failpoint.Failpoint;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.postgres.PgSnapshot;
import io.bottledwater.postgres.Relation;
import io.bottledwater.sink.Sink;
import io.bottledwater.sink.SinkWriter;
import io.bottledwater.sink.StateEntry;
import io.bottledwater.source.catalog.Catalog;
import io.bottledwater.source.catalog.PostgresConnector;
import io.bottledwater.source.catalog.PublishedTable;
import io.bottledwater.source.catalog.TableInfo;
import io.bottledwater.source.snapshot.Chunk;
import io.bottledwater.source.snapshot.ChunkPlanner;
import io.bottledwater.source.snapshot.ExportedSnapshot;
import io.bottledwater.source.snapshot.SnapshotProgress;
import io.bottledwater.source.snapshot.TableLocks;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes snapshots of tables: all of them at first, later those that were interrupted or are new.
 * The caller holds locks on the tables. One thread, which waits while the readers work.
 */
final class TableSnapshots {
  private static final Logger log = LoggerFactory.getLogger(TableSnapshots.class);

  /** For {@link #take}: to the end. */
  static final long WITHOUT_LIMIT = Long.MAX_VALUE / 2;

  private final PostgresConnector connector;
  private final Sink sink;
  private final EncoderSettings encoding;
  private final List<String> publications;
  private final PumpListener listener;
  private final PumpStatistics statistics;
  private final BooleanSupplier leaseLost;
  private final int threads;
  private final AtomicBoolean stop;

  TableSnapshots(
      PostgresConnector connector,
      Sink sink,
      EncoderSettings encoding,
      List<String> publications,
      PumpListener listener,
      PumpStatistics statistics,
      int threads,
      AtomicBoolean stop,
      BooleanSupplier leaseLost) {
    this.statistics = statistics;
    this.leaseLost = leaseLost;
    this.connector = connector;
    this.sink = sink;
    this.encoding = encoding;
    this.publications = publications;
    this.listener = listener;
    this.threads = threads;
    this.stop = stop;
  }

  /**
   * Locks tables for {@link #take}, and makes sure that they still are what they were when the
   * catalog was read: a column that was added in between would be missing from every row.
   *
   * @throws BottledWaterException {@code BW-TABLE-CHANGED} otherwise
   */
  TableLocks lock(List<TableInfo> tables) throws SQLException {
    return unchanged(tables, TableLocks.acquire(connector, relations(tables), threads, stop::get));
  }

  /** The same, but null when somebody holds one of the tables. */
  @Nullable TableLocks tryLock(List<TableInfo> tables) throws SQLException {
    TableLocks locks = TableLocks.tryAcquire(connector, relations(tables), threads);
    return locks == null ? null : unchanged(tables, locks);
  }

  private static List<Relation> relations(List<TableInfo> tables) {
    return tables.stream().map(TableInfo::relation).toList();
  }

  private TableLocks unchanged(List<TableInfo> tables, TableLocks locks) throws SQLException {
    try {
      Map<Long, TableInfo> now = new HashMap<>();
      Catalog session = new Catalog(locks.session());
      Publications.asPublished(session, publications, session.tables().userTables())
          .forEach(table -> now.put(table.relation().oid(), table));
      for (TableInfo table : tables) {
        TableInfo found = now.get(table.relation().oid());
        if (found == null
            || !found.relation().equals(table.relation())
            || found.partitioned() != table.partitioned()) {
          throw new BottledWaterException(
              ErrorCode.TABLE_CHANGED,
              "Table " + table.relation().qualifiedName() + " was altered before it was locked.");
        }
      }
      return locks;
    } catch (SQLException | RuntimeException e) {
      locks.close();
      throw e;
    }
  }

  /**
   * Reads tables and records them.
   *
   * @param locks on the tables
   * @param snapshot what is read now; the basis of tables that begin
   * @param reachedLsn what commits before this has been written; rows carry it in their header, or
   *     the end of what their table's basis sees where that is later
   * @param until changes that commit from here on are not in {@code snapshot}
   * @param first entries to commit with the plan, before the first row
   * @param progress a new one, or that of the call before, which this one goes on with
   * @param limitNanos chunks are begun for as long as this; the rest waits for the next call
   * @return whether all the tables are complete now
   */
  boolean take(
      List<TableInfo> tables,
      TableLocks locks,
      ExportedSnapshot snapshot,
      long reachedLsn,
      long until,
      TableLedger ledger,
      SinkWriter writer,
      List<StateEntry> first,
      SnapshotProgress progress,
      long limitNanos)
      throws SQLException, InterruptedException {
    List<StateEntry> plan = new ArrayList<>(first);
    List<SnapshotPhase.Task> tasks = new ArrayList<>();
    Catalog session = new Catalog(locks.session());
    ChunkPlanner planner = new ChunkPlanner(session, threads);
    Map<Long, PublishedTable> published = session.publications().published(publications);
    Map<Long, List<ChunkPlanner.Pages>> pages = planner.pagesOf(tables);
    for (TableInfo table : tables) {
      PublishedTable sent = published.get(table.relation().oid());
      String rowFilter = sent == null ? null : sent.rowFilter();
      List<ChunkPlanner.Pages> all = pages.getOrDefault(table.relation().oid(), List.of());
      plan(table, rowFilter, all, planner, snapshot, reachedLsn, until, ledger, tasks, plan);
    }
    if (!plan.isEmpty()) {
      // A basis that is recorded must not name what a crash of the server can undo.
      snapshot.awaitFlushed(session.activity().flushMillis(), stop::get);
      writer.commit(plan);
      ledger.committed(plan);
    }
    Failpoint.SNAPSHOT_PLANNED.pass();

    if (!progress.hasBegun()) {
      long sum = 0;
      for (SnapshotPhase.Task task : tasks) {
        sum += task.chunk().pages();
      }
      progress.begin(tables.size(), 0, sum, System.nanoTime());
      listener.snapshotStarted(progress);
    }
    SnapshotPhase phase =
        new SnapshotPhase(
            connector.address(),
            locks,
            snapshot.name(),
            System.nanoTime() + limitNanos,
            progress,
            statistics,
            tasks,
            stop,
            leaseLost);
    List<StateEntry> chunks =
        phase.run(
            threads,
            System.currentTimeMillis() * 1000,
            sink::snapshotWriter,
            snapshotWriter ->
                new ChangeEncoder(
                    encoding,
                    sink::ensureTopics,
                    (relation, old, row, transaction, found) -> false,
                    (relation, transaction) -> relation,
                    snapshotWriter));
    ledger.committed(chunks);
    if (stop.get() || !phase.isComplete()) {
      return false;
    }
    Failpoint.SNAPSHOT_READ.pass();
    List<StateEntry> done = new ArrayList<>();
    tables.forEach(table -> done.addAll(ledger.completion(table)));
    writer.commit(done);
    ledger.committed(done);
    Failpoint.SNAPSHOT_DONE.pass();
    listener.snapshotFinished(progress);
    return true;
  }

  private void plan(
      TableInfo table,
      @Nullable String rowFilter,
      List<ChunkPlanner.Pages> all,
      ChunkPlanner planner,
      ExportedSnapshot now,
      long reachedLsn,
      long until,
      TableLedger ledger,
      List<SnapshotPhase.Task> tasks,
      List<StateEntry> plan) {
    PgSnapshot basis = ledger.runningBasis(table);
    TableLedger.Drop drop = ledger.drop(table.relation().oid());
    boolean rewritten =
        all.stream().anyMatch(p -> ledger.wasPlanned(table, p) && ledger.plan(table, p) == null);
    boolean renamed = basis != null && !ledger.isNamed(table);
    if (basis != null && !rewritten && !renamed && !ledger.isRough(table)) {
      PgSnapshot filter = basis;
      if (basis.isWrapped() || now.contents().isWrapped()) {
        log.warn(
            "Transaction ids of this server have gone round, so rows of {} that changed since the"
                + " snapshot was interrupted may be written twice.",
            table.relation().qualifiedName());
        filter = null;
      }
      for (ChunkPlanner.Pages pages : all) {
        TableLedger.Plan planned = ledger.plan(table, pages);
        if (planned == null) {
          // A partition that was attached since: what the basis sees of it is still to be read.
          plan.add(TableLedger.pagesEntry(table, pages));
          planned = new TableLedger.Plan(pages.pages(), pages.chunkPages());
        }
        for (Chunk chunk :
            planner.cut(table.relation(), pages, planned.pages(), planned.chunkPages())) {
          if (!ledger.isDone(chunk, pages.fileNode())) {
            long asOf = drop == null ? reachedLsn : Lsn.max(reachedLsn, drop.until());
            tasks.add(new SnapshotPhase.Task(chunk, pages.fileNode(), rowFilter, filter, asOf));
          }
        }
      }
      return;
    }
    if (basis != null) {
      log.info(
          "Table {} {} its snapshot began; it is read anew.",
          table.relation().qualifiedName(),
          rewritten || renamed ? "was rewritten or renamed since" : "may have had savepoints when");
      plan.addAll(ledger.forget(table));
    }
    // Rows that are in the topic already must be reached by every change from here on, but for
    // those
    // that the reading before has seen.
    boolean again = basis != null || ledger.isRequested(table);
    TableLedger.Drop dropNow = again ? drop : new TableLedger.Drop(now.contents(), until);
    plan.add(ledger.runningEntry(table, now.contents(), dropNow, now.isExact()));
    for (ChunkPlanner.Pages pages : all) {
      plan.add(TableLedger.pagesEntry(table, pages));
      for (Chunk chunk : planner.cut(table.relation(), pages, pages.pages(), pages.chunkPages())) {
        long asOf = again ? reachedLsn : Lsn.max(reachedLsn, until);
        tasks.add(new SnapshotPhase.Task(chunk, pages.fileNode(), rowFilter, null, asOf));
      }
    }
  }

  /** Marks tables as needing no snapshot. */
  static List<StateEntry> withoutSnapshot(List<TableInfo> tables) {
    List<StateEntry> done = new ArrayList<>();
    for (TableInfo table : tables) {
      done.add(TableLedger.doneEntry(table.relation().oid(), table.relation().qualifiedName()));
    }
    return done;
  }

  /** What was begun and is still to be finished. */
  static List<TableInfo> interrupted(List<TableInfo> tables, TableLedger ledger) {
    return tables.stream().filter(table -> ledger.runningBasis(table) != null).toList();
  }
}
