package io.bottledwater.pump;

import io.bottledwater.ack.InFlightTransactions;
import io.bottledwater.encode.ChangeEncoder;
import io.bottledwater.encode.EncoderSettings;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.postgres.Identifiers;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.postgres.Relation;
import io.bottledwater.record.TopicNames;
import io.bottledwater.sink.Sink;
import io.bottledwater.sink.SinkWriter;
import io.bottledwater.sink.StateEntry;
import io.bottledwater.source.catalog.Catalog;
import io.bottledwater.source.catalog.CatalogRelationResolver;
import io.bottledwater.source.catalog.PostgresConnector;
import io.bottledwater.source.catalog.PostgresErrors;
import io.bottledwater.source.catalog.ServerInfo;
import io.bottledwater.source.catalog.SlotInfo;
import io.bottledwater.source.catalog.TableInfo;
import io.bottledwater.source.snapshot.Chunk;
import io.bottledwater.source.snapshot.ChunkPlanner;
import io.bottledwater.source.snapshot.ExportedSnapshot;
import io.bottledwater.source.snapshot.SnapshotProgress;
import io.bottledwater.source.snapshot.TableLocks;
import io.bottledwater.source.stream.ReplicationStream;
import io.bottledwater.source.stream.SlotCreator;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt to run, from connecting to the first failure: check, recover, snapshot if there is
 * still one to take, stream. Whatever goes wrong ends the session; the next one starts from what
 * the sink holds. One thread.
 */
final class PumpSession {
  private static final Logger log = LoggerFactory.getLogger(PumpSession.class);
  private static final long CHUNK_PAGES = 2048;
  private static final long QUEUE_BYTES = 16L * 1024 * 1024;

  private final PumpSettings settings;
  private final PostgresConnector connector;
  private final PumpListener listener;
  private final PumpStatistics statistics;
  private final AtomicBoolean stop;
  private final Catalog catalog;
  private final ServerInfo server;
  private final Sink sink;
  private final EncoderSettings encoding;

  private PumpSession(
      PumpSettings settings,
      PostgresConnector connector,
      PumpListener listener,
      PumpStatistics statistics,
      AtomicBoolean stop,
      Catalog catalog,
      ServerInfo server,
      Sink sink) {
    this.settings = settings;
    this.connector = connector;
    this.listener = listener;
    this.statistics = statistics;
    this.stop = stop;
    this.catalog = catalog;
    this.server = server;
    this.sink = sink;
    List<String> namespace = new ArrayList<>();
    if (!settings.topicPrefix().isEmpty()) {
      namespace.add(settings.topicPrefix());
    }
    namespace.add(server.database());
    this.encoding =
        new EncoderSettings(
            settings.types(),
            settings.format(),
            new TopicNames(settings.topicPrefix()),
            namespace,
            settings.tables(),
            settings.allowUnkeyed());
  }

  /** Runs until {@code stop} is set or something fails. */
  static void run(
      PumpSettings settings,
      PostgresConnector connector,
      SinkFactory sinks,
      PumpListener listener,
      PumpStatistics statistics,
      AtomicBoolean stop)
      throws InterruptedException {
    try (Catalog catalog = new Catalog(connector.open())) {
      ServerInfo server = catalog.serverInfo();
      Preflight.checkServer(server, connector.address());
      List<TableInfo> selected = Preflight.selectTables(catalog, settings);
      Preflight.checkTables(selected, server, settings);
      Preflight.checkTopics(selected, new TopicNames(settings.topicPrefix()));
      try (Sink sink = sinks.open()) {
        new PumpSession(settings, connector, listener, statistics, stop, catalog, server, sink)
            .run(selected);
      }
    } catch (SQLException e) {
      throw PostgresErrors.translate(e, "reading the catalog", connector.address());
    }
  }

  private void run(List<TableInfo> selected) throws SQLException, InterruptedException {
    Map<String, StateEntry> state = sink.recover();
    SnapshotLedger ledger = new SnapshotLedger(state);
    StateEntry recorded = state.get(Position.KEY);
    Position position = recorded == null ? null : Position.of(recorded);
    SlotInfo slot = catalog.slot(settings.slot());
    checkSlot(slot, position, ledger);
    // A slot that this run creates, or creates anew, knows the publications made just before.
    boolean slotKept = slot != null && ledger.status() != SnapshotLedger.Status.INTENDED;
    Publications publications =
        Publications.ensure(
            catalog,
            settings.publication(),
            selected,
            slotKept,
            !slotKept && !settings.skipSnapshot());
    List<TableInfo> tables = publications.tables();
    try (SinkWriter writer = sink.streamWriter()) {
      ChangeEncoder encoder =
          new ChangeEncoder(
              encoding, sink::ensureTopic, new ToastReader(catalog, connector.address()), writer);
      // Topics and schemas first: what they refuse must be known before a slot holds back WAL.
      encoder.prepare(relations(tables));
      if (slot != null && ledger.status() == SnapshotLedger.Status.INTENDED) {
        log.info("Slot {} was created but never used; it is created anew.", settings.slot());
        catalog.execute(
            "SELECT pg_drop_replication_slot(" + Identifiers.literal(settings.slot()) + ")");
        slot = null;
      }
      if (slot == null) {
        position = firstStart(tables, ledger, writer);
      } else if (position == null) {
        log.info(
            "Slot {} exists: streaming from {}, without a snapshot.",
            settings.slot(),
            Lsn.format(slot.confirmedFlushLsn()));
        position = newPosition(slot.confirmedFlushLsn());
        writer.commit(
            List.of(position.toEntry(), SnapshotLedger.statusEntry(SnapshotLedger.Status.SKIPPED)));
      } else if (ledger.status() == SnapshotLedger.Status.RUNNING) {
        resumeSnapshot(tables, ledger, position, writer);
      }
      if (!stop.get()) {
        stream(encoder, writer, position, publications.names());
      }
    }
  }

  private void checkSlot(
      @Nullable SlotInfo slot, @Nullable Position position, SnapshotLedger ledger) {
    if (position != null && !position.systemIdentifier().equals(server.systemIdentifier())) {
      throw new BottledWaterException(
          ErrorCode.SYSTEM_CHANGED,
          "The state of slot "
              + settings.slot()
              + " was recorded from system "
              + position.systemIdentifier()
              + ", but "
              + connector.address()
              + " is system "
              + server.systemIdentifier()
              + ".");
    }
    if (slot == null) {
      if (position != null && ledger.status() != SnapshotLedger.Status.INTENDED) {
        throw new BottledWaterException(
            ErrorCode.SLOT_MISSING,
            "Slot "
                + settings.slot()
                + " does not exist on "
                + connector.address()
                + ", but its changes have been published up to "
                + Lsn.format(position.endLsn())
                + ".");
      }
      return;
    }
    if (slot.plugin() == null) {
      throw new BottledWaterException(
          ErrorCode.SLOT_FOREIGN, "Slot " + settings.slot() + " is a physical one.");
    }
    if (!"pgoutput".equals(slot.plugin()) || !server.database().equals(slot.database())) {
      throw new BottledWaterException(
          ErrorCode.SLOT_FOREIGN,
          "Slot "
              + settings.slot()
              + " is of plugin "
              + slot.plugin()
              + " and database "
              + slot.database()
              + ", not of pgoutput and "
              + server.database()
              + ".");
    }
    if ("lost".equals(slot.walStatus())) {
      throw new BottledWaterException(
          ErrorCode.SLOT_LOST, "Slot " + settings.slot() + " has wal_status lost.");
    }
    if (slot.activePid() != 0) {
      throw new BottledWaterException(
          ErrorCode.SLOT_IN_USE,
          "Slot " + settings.slot() + " is being read by pid " + slot.activePid() + ".");
    }
    if (position != null && Lsn.compare(slot.confirmedFlushLsn(), position.endLsn()) > 0) {
      throw new BottledWaterException(
          ErrorCode.SLOT_AHEAD,
          "Slot "
              + settings.slot()
              + " is confirmed to "
              + Lsn.format(slot.confirmedFlushLsn())
              + ", but only changes up to "
              + Lsn.format(position.endLsn())
              + " have been published.");
    }
  }

  private Position firstStart(List<TableInfo> tables, SnapshotLedger ledger, SinkWriter writer)
      throws SQLException, InterruptedException {
    writer.commit(List.of(SnapshotLedger.statusEntry(SnapshotLedger.Status.INTENDED)));
    if (settings.skipSnapshot()) {
      try (SlotCreator slot = SlotCreator.create(connector, settings.slot())) {
        Position position = newPosition(slot.consistentPoint());
        writer.commit(
            List.of(position.toEntry(), SnapshotLedger.statusEntry(SnapshotLedger.Status.SKIPPED)));
        return position;
      }
    }
    try (TableLocks locks = TableLocks.acquire(connector, relations(tables));
        SlotCreator slot = SlotCreator.create(connector, settings.slot())) {
      log.info("Created slot {} at {}.", settings.slot(), Lsn.format(slot.consistentPoint()));
      Position position = newPosition(slot.consistentPoint());
      List<StateEntry> plan = new ArrayList<>();
      plan.add(position.toEntry());
      plan.add(SnapshotLedger.statusEntry(SnapshotLedger.Status.RUNNING));
      List<SnapshotPhase.Task> tasks = plan(tables, ledger, plan);
      writer.commit(plan);
      snapshot(tables, tasks, slot.snapshotName(), position, ledger, plan, writer);
      return position;
    }
  }

  private void resumeSnapshot(
      List<TableInfo> tables, SnapshotLedger ledger, Position position, SinkWriter writer)
      throws SQLException, InterruptedException {
    log.info("Going on with the snapshot that was interrupted.");
    try (TableLocks locks = TableLocks.acquire(connector, relations(tables));
        ExportedSnapshot snapshot = ExportedSnapshot.take(connector)) {
      List<StateEntry> plan = new ArrayList<>();
      List<SnapshotPhase.Task> tasks = plan(tables, ledger, plan);
      if (!plan.isEmpty()) {
        writer.commit(plan);
      }
      snapshot(tables, tasks, snapshot.name(), position, ledger, plan, writer);
    }
  }

  private List<SnapshotPhase.Task> plan(
      List<TableInfo> tables, SnapshotLedger ledger, List<StateEntry> newEntries)
      throws SQLException {
    ChunkPlanner planner = new ChunkPlanner(catalog, CHUNK_PAGES);
    List<SnapshotPhase.Task> tasks = new ArrayList<>();
    for (TableInfo table : tables) {
      for (ChunkPlanner.Pages pages : planner.pagesOf(table)) {
        Long planned = ledger.plannedPages(pages);
        if (planned == null) {
          newEntries.add(SnapshotLedger.tableEntry(pages));
        }
        long plannedPages = planned == null ? pages.pages() : planned;
        for (Chunk chunk : planner.cut(table.relation(), pages, plannedPages)) {
          if (planned == null || !ledger.isDone(chunk, pages.fileNode())) {
            tasks.add(new SnapshotPhase.Task(chunk, pages.fileNode()));
          }
        }
      }
    }
    return tasks;
  }

  private void snapshot(
      List<TableInfo> tables,
      List<SnapshotPhase.Task> tasks,
      String snapshotName,
      Position position,
      SnapshotLedger ledger,
      List<StateEntry> planned,
      SinkWriter writer)
      throws InterruptedException {
    long pages = 0;
    for (SnapshotPhase.Task task : tasks) {
      pages += task.chunk().pages();
    }
    SnapshotProgress progress = new SnapshotProgress();
    progress.begin(tables.size(), 0, pages, System.nanoTime());
    listener.snapshotStarted(progress);
    SnapshotPhase phase =
        new SnapshotPhase(connector, snapshotName, position.endLsn(), progress, tasks, stop);
    List<String> written =
        new ArrayList<>(
            phase.run(
                settings.snapshotThreads(),
                System.currentTimeMillis() * 1000,
                sink::snapshotWriter,
                snapshotWriter ->
                    new ChangeEncoder(
                        encoding,
                        sink::ensureTopic,
                        (relation, row, found) -> false,
                        snapshotWriter)));
    if (stop.get()) {
      return;
    }
    planned.forEach(entry -> written.add(entry.key()));
    written.remove(Position.KEY);
    writer.commit(ledger.completion(written));
    listener.snapshotFinished(progress);
  }

  private void stream(
      ChangeEncoder encoder, SinkWriter writer, Position position, List<String> publications)
      throws InterruptedException {
    InFlightTransactions inFlight = new InFlightTransactions(position.endLsn());
    try (ReplicationStream stream =
        ReplicationStream.start(
            connector,
            settings.slot(),
            publications,
            position.endLsn(),
            inFlight::flushLsn,
            QUEUE_BYTES)) {
      statistics.started();
      listener.streaming(position.endLsn());
      log.info("Streaming from {}.", Lsn.format(position.endLsn()));
      new StreamPhase(encoder, writer, inFlight, position, statistics, stop)
          .run(stream, new CatalogRelationResolver(catalog, connector.address()));
    }
  }

  private Position newPosition(long lsn) {
    return new Position(
        server.systemIdentifier(),
        server.timeline(),
        server.database(),
        settings.slot(),
        lsn,
        Lsn.INVALID,
        0,
        0);
  }

  private static List<Relation> relations(List<TableInfo> tables) {
    return tables.stream().map(TableInfo::relation).toList();
  }
}
