package io.bottledwater.pump;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.source.catalog.Catalog;
import io.bottledwater.source.catalog.PostgresConnector;
import io.bottledwater.source.catalog.ServerInfo;
import io.bottledwater.source.catalog.SlotInfo;
import io.bottledwater.source.catalog.TimelineHistory;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether what the server has fits what Kafka holds: every reason not to go on from a slot or a
 * position, before anything is changed on either side.
 */
final class SlotChecks {
  private static final Logger log = LoggerFactory.getLogger(SlotChecks.class);

  private final PumpSettings settings;
  private final PostgresConnector connector;
  private final Catalog catalog;
  private final ServerInfo server;

  SlotChecks(
      PumpSettings settings, PostgresConnector connector, Catalog catalog, ServerInfo server) {
    this.settings = settings;
    this.connector = connector;
    this.catalog = catalog;
    this.server = server;
  }

  /**
   * @param slot as it is now, or null
   * @param position that was recorded, or null
   * @throws BottledWaterException one of the refusals of reliability.md, or {@code
   *     BW-POSTGRES-UNREACHABLE} for a standby that may be promoted yet
   */
  void check(@Nullable SlotInfo slot, @Nullable Position position, TableLedger ledger)
      throws SQLException {
    checkPromoted(slot, position);
    checkSlot(slot, position, ledger);
    checkState(slot, position, ledger);
    if (position != null) {
      checkHistory(position);
    }
  }

  /** In a failover the standby may be met before it is promoted: that is no reason to give up. */
  private void checkPromoted(@Nullable SlotInfo slot, @Nullable Position position)
      throws SQLException {
    boolean early = slot == null ? position != null : slot.synced();
    if (early && catalog.activity().isInRecovery()) {
      throw new BottledWaterException(
          ErrorCode.POSTGRES_UNREACHABLE,
          connector.address()
              + " is a standby, where slot "
              + settings.slot()
              + (slot == null ? " does not exist." : " is only a copy of its primary's."));
    }
  }

  private void checkSlot(@Nullable SlotInfo slot, @Nullable Position position, TableLedger ledger) {
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
      if (position != null && ledger.status() != TableLedger.Status.INTENDED) {
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
          ErrorCode.SLOT_LOST,
          "Slot "
              + settings.slot()
              + " has wal_status lost"
              + (slot.invalidation() == null ? "" : ", because of " + slot.invalidation())
              + ".");
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

  /**
   * A slot without state is taken as it is, without a snapshot; but not one whose state must have
   * been: then it is not known what has been published.
   */
  private void checkState(@Nullable SlotInfo slot, @Nullable Position position, TableLedger ledger)
      throws SQLException {
    if (slot != null
        && position == null
        && ledger.status() == TableLedger.Status.NONE
        && !settings.skipSnapshot()
        && catalog.publications().owns(settings.publication())) {
      throw new BottledWaterException(
          ErrorCode.STATE_MISSING,
          "Slot "
              + settings.slot()
              + " exists, and a pump made publication "
              + settings.publication()
              + ", but Kafka holds no state of it.");
    }
  }

  /** The server's WAL must hold everything that was published from it. */
  private void checkHistory(Position position) throws SQLException {
    if (Lsn.compare(catalog.activity().walEnd(), position.endLsn()) < 0) {
      if (catalog.activity().isInRecovery()) {
        throw new BottledWaterException(
            ErrorCode.POSTGRES_UNREACHABLE,
            connector.address()
                + " is a standby that has not replayed the published position yet.");
      }
      throw new BottledWaterException(
          ErrorCode.STATE_AHEAD,
          "Changes have been published up to "
              + Lsn.format(position.endLsn())
              + ", but the WAL of "
              + connector.address()
              + " ends at "
              + Lsn.format(catalog.activity().walEnd())
              + ".");
    }
    if (position.timeline() == server.timeline()) {
      return;
    }
    Long branch = TimelineHistory.branchPoint(connector, server.timeline(), position.timeline());
    if (branch == null || Lsn.compare(branch, position.endLsn()) < 0) {
      throw new BottledWaterException(
          ErrorCode.TIMELINE,
          "Changes have been published up to "
              + Lsn.format(position.endLsn())
              + " of timeline "
              + position.timeline()
              + ", but "
              + connector.address()
              + " is on timeline "
              + server.timeline()
              + (branch == null
                  ? ", which does not descend from it."
                  : ", which left it at " + Lsn.format(branch) + "."));
    }
    log.info(
        "The server went from timeline {} to {} after the published position: nothing is lost.",
        position.timeline(),
        server.timeline());
  }
}
