package io.bottledwater.pump;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.postgres.Identifiers;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.sink.Sink;
import io.bottledwater.sink.SinkWriter;
import io.bottledwater.sink.StateEntry;
import io.bottledwater.source.catalog.Catalog;
import io.bottledwater.source.catalog.PostgresConnector;
import io.bottledwater.source.catalog.PostgresErrors;
import io.bottledwater.source.catalog.ServerInfo;
import io.bottledwater.source.catalog.SlotInfo;
import io.bottledwater.source.stream.SlotLease;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What an operator does with a slot: look at it, give it up, or go on past a gap. Everything but
 * looking takes the slot's lease, so no pump runs meanwhile.
 */
public final class SlotAdmin {
  private static final int VERSION_17 = 170000;

  private final PostgresConnector connector;
  private final String slot;

  public SlotAdmin(PostgresConnector connector, String slot) {
    this.connector = connector;
    this.slot = slot;
  }

  /** Facts about the slot at PostgreSQL, by name, in order; empty when there is none. */
  public Map<String, String> status() {
    try (Catalog catalog = new Catalog(connector.open())) {
      SlotInfo info = catalog.slot(slot);
      if (info == null) {
        return Map.of();
      }
      Map<String, String> facts = new TreeMap<>();
      facts.put("slot", slot);
      facts.put("database", String.valueOf(info.database()));
      facts.put("plugin", String.valueOf(info.plugin()));
      facts.put("active", info.activePid() == 0 ? "no" : "yes, pid " + info.activePid());
      facts.put("confirmed_flush_lsn", Lsn.format(info.confirmedFlushLsn()));
      facts.put("wal_end", Lsn.format(catalog.activity().walEnd()));
      facts.put(
          "behind_bytes", Long.toString(catalog.activity().walEnd() - info.confirmedFlushLsn()));
      facts.put("wal_status", info.walStatus() == null ? "unknown" : info.walStatus());
      return facts;
    } catch (SQLException e) {
      throw PostgresErrors.translate(e, "looking at slot " + slot, connector.address());
    }
  }

  /**
   * Drops the slot and forgets the pump's state; the next start begins with a snapshot. First the
   * slot: if it is interrupted, the next start is refused until it is repeated.
   *
   * @return whether there was a slot
   */
  public boolean drop(SinkFactory sinks) throws InterruptedException {
    boolean[] existed = {false};
    withLease(
        sinks,
        (catalog, state, writer) -> {
          existed[0] = dropSlot(catalog);
          List<StateEntry> deletions = new ArrayList<>();
          state.keySet().stream()
              .filter(key -> !key.startsWith("gap/"))
              .forEach(key -> deletions.add(new StateEntry(key, Map.of())));
          if (!deletions.isEmpty()) {
            writer.commit(deletions);
          }
        });
    return existed[0];
  }

  /**
   * Goes on from where the slot stands now, creating it when it is missing or lost, and records the
   * gap: who accepted it, when, from where to where.
   *
   * @param who names the person or machine, for the record
   * @return a sentence that says what was done
   */
  public String resetAcceptingGap(SinkFactory sinks, String who) throws InterruptedException {
    String[] done = {""};
    withLease(
        sinks,
        (catalog, state, writer) -> {
          ServerInfo server = catalog.serverInfo();
          StateEntry recorded = state.get(Position.KEY);
          if (recorded == null) {
            throw new BottledWaterException(
                ErrorCode.USAGE,
                "slot reset: nothing has been published from slot " + slot + ".",
                "Start the pump; there is no gap to accept.",
                null);
          }
          Position before = Position.of(recorded);
          SlotInfo info = catalog.slot(slot);
          if (info != null && "lost".equals(info.walStatus())) {
            dropSlot(catalog);
            info = null;
          }
          if (info == null) {
            catalog.execute(
                "SELECT pg_create_logical_replication_slot("
                    + Identifiers.literal(slot)
                    + ", 'pgoutput'"
                    + (server.version() >= VERSION_17
                        ? ", failover => NOT pg_is_in_recovery())"
                        : ")"));
            info = catalog.slot(slot);
          }
          if (info == null) {
            throw new BottledWaterException(
                ErrorCode.SLOT_MISSING, "Slot " + slot + " was created and is gone.");
          }
          long sameSystem =
              before.systemIdentifier().equals(server.systemIdentifier())
                  ? before.endLsn()
                  : Lsn.INVALID;
          long start = Lsn.max(info.confirmedFlushLsn(), sameSystem);
          if (Lsn.compare(start, catalog.activity().walEnd()) > 0) {
            start = info.confirmedFlushLsn();
          }
          Position after =
              new Position(
                  server.systemIdentifier(),
                  server.timeline(),
                  server.database(),
                  slot,
                  start,
                  Lsn.INVALID,
                  0,
                  before.sequence() + 1,
                  Lsn.INVALID,
                  0);
          List<StateEntry> entries = new ArrayList<>();
          entries.add(after.toEntry());
          entries.add(gap(before, after, who));
          // Snapshots and LSNs of another history mean nothing here: its tables are read anew.
          boolean foreign =
              !before.systemIdentifier().equals(server.systemIdentifier())
                  || before.timeline() != server.timeline()
                  || Lsn.compare(catalog.activity().walEnd(), before.endLsn()) < 0;
          if (foreign) {
            state.keySet().stream()
                .filter(key -> key.startsWith("table/"))
                .forEach(key -> entries.add(new StateEntry(key, Map.of())));
          } else {
            // The rest of a snapshot would leave out what was changed since it began: with the gap
            // that is in the topic in no version at all.
            entries.addAll(new TableLedger(state).requestInterrupted());
          }
          // Topics that were changed are accepted too; their marks are taken anew.
          state.keySet().stream()
              .filter(key -> key.startsWith("topic/"))
              .forEach(key -> entries.add(new StateEntry(key, Map.of())));
          writer.commit(entries);
          done[0] =
              "Slot "
                  + slot
                  + " goes on from "
                  + Lsn.format(start)
                  + "; published before: up to "
                  + Lsn.format(before.endLsn())
                  + ". What lies between is not in Kafka.";
        });
    return done[0];
  }

  private static StateEntry gap(Position before, Position after, String who) {
    return new StateEntry(
        "gap/" + after.sequence(),
        Map.of(
            "accepted_by", who,
            "accepted_at", Instant.now().toString(),
            "from", Lsn.format(before.endLsn()),
            "from_system", before.systemIdentifier(),
            "to", Lsn.format(after.endLsn()),
            "to_system", after.systemIdentifier()));
  }

  private boolean dropSlot(Catalog catalog) throws SQLException {
    SlotInfo info = catalog.slot(slot);
    if (info == null) {
      return false;
    }
    if (info.activePid() != 0) {
      throw new BottledWaterException(
          ErrorCode.SLOT_IN_USE,
          "Slot " + slot + " is being read by pid " + info.activePid() + ".");
    }
    catalog.execute("SELECT pg_drop_replication_slot(" + Identifiers.literal(slot) + ")");
    return true;
  }

  /** What is done while no pump can run. */
  private interface Work {
    void run(Catalog catalog, Map<String, StateEntry> state, SinkWriter writer) throws SQLException;
  }

  private void withLease(SinkFactory sinks, Work work) throws InterruptedException {
    AtomicBoolean taken = new AtomicBoolean();
    try (Catalog catalog = new Catalog(connector.open());
        SlotLease lease = lease(taken);
        Sink sink = sinks.open()) {
      Map<String, StateEntry> state = sink.recover();
      try (SinkWriter writer = sink.streamWriter()) {
        work.run(catalog, state, writer);
      }
    } catch (SQLException e) {
      throw PostgresErrors.translate(e, "changing slot " + slot, connector.address());
    }
  }

  private @Nullable SlotLease lease(AtomicBoolean taken) throws InterruptedException {
    SlotLease lease = SlotLease.acquire(connector, slot, taken::get, () -> taken.set(true));
    if (lease == null) {
      throw new BottledWaterException(
          ErrorCode.SLOT_IN_USE, "A pump is running on slot " + slot + ".");
    }
    return lease;
  }
}
