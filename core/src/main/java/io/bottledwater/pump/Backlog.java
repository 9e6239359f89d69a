package io.bottledwater.pump;

import io.bottledwater.postgres.Lsn;
import io.bottledwater.source.catalog.Catalog;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether there is so much to read that it is worth reading ahead of the stream, and whether the
 * server is fit for it. One thread, the stream's.
 */
final class Backlog {
  private static final Logger log = LoggerFactory.getLogger(Backlog.class);

  // Slots can be copied from there on.
  private static final int VERSION_12 = 120000;
  private static final long MEGABYTE = 1024 * 1024;

  // Reading ahead takes a tenth of a second to begin and to end. While the stream runs it is left
  // for a larger backlog only.
  private static final long LEAST_BYTES = 16 * MEGABYTE;
  private static final long LEAST_BYTES_STREAMING = 64 * MEGABYTE;
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);

  // The server would decode it all again for each part that is read.
  private static final long MOST_HELD_BACK = 256 * MEGABYTE;

  // With synchronised standbys, what these have not received must not be handed out, but a copy of
  // the slot would. A slot with two phases hands out more than whole transactions. Both came later
  // than 12, hence the roundabout way to ask for them.
  private static final String FITNESS =
      "SELECT restart_lsn::text,"
          + " CASE WHEN (to_jsonb(s) ->> 'failover')::boolean"
          + " AND current_setting('synchronized_standby_slots', true) <> ''"
          + " THEN 'synchronized_standby_slots is set'"
          + " WHEN (to_jsonb(s) ->> 'two_phase')::boolean THEN 'the slot has two_phase' END"
          + " FROM pg_replication_slots s WHERE slot_name = ? AND restart_lsn IS NOT NULL";

  private final Catalog catalog;
  private final String slot;
  private boolean available;
  private long leftAtLsn = Lsn.INVALID;
  private long nextLookNanos = System.nanoTime();

  /**
   * @param wanted whether a backlog may be read ahead at all
   */
  Backlog(Catalog catalog, String slot, boolean wanted) {
    this.catalog = catalog;
    this.slot = slot;
    this.available = wanted;
  }

  /** Whether to begin with it. */
  boolean isLarge(long endLsn) throws SQLException {
    return available && isLarge(endLsn, LEAST_BYTES);
  }

  /** Whether to leave the stream for it; looks every few seconds. */
  boolean hasBecomeLarge(long endLsn) throws SQLException {
    long now = System.nanoTime();
    if (!available || now - nextLookNanos < 0) {
      return false;
    }
    nextLookNanos = now + LOOK_NANOS;
    return isLarge(endLsn, LEAST_BYTES_STREAMING);
  }

  private boolean isLarge(long endLsn, long leastBytes) throws SQLException {
    if (Lsn.compare(endLsn, leftAtLsn) < 0) {
      return false;
    }
    long walEnd = catalog.activity().walEnd();
    if (Lsn.compare(walEnd, endLsn) < 0 || walEnd - endLsn < leastBytes) {
      return false;
    }
    try (PreparedStatement statement = catalog.connection().prepareStatement(FITNESS)) {
      statement.setString(1, slot);
      try (ResultSet r = statement.executeQuery()) {
        if (!r.next()) {
          return false;
        }
        String unfit =
            catalog.version() < VERSION_12 ? "PostgreSQL is older than 12" : r.getString(2);
        if (unfit != null) {
          log.info("The backlog comes through the stream: {}.", unfit);
          available = false;
          return false;
        }
        return endLsn - Lsn.parse(r.getString(1)) < MOST_HELD_BACK;
      }
    }
  }

  /** What commits before {@code lsn} is for the stream. */
  void leave(long lsn) {
    leftAtLsn = lsn;
  }

  /** The server is not fit for it. */
  void giveUp() {
    available = false;
  }
}
