package io.bottledwater.pump;

import io.bottledwater.postgres.Identifiers;
import io.bottledwater.postgres.Relation;
import io.bottledwater.source.catalog.Catalog;
import io.bottledwater.source.stream.SlotLease;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks a running pump for a snapshot of tables, by way of the database that both are connected to
 * (LISTEN and NOTIFY): no other door has to be open.
 *
 * <pre>
 *   channel bottledwater         payload: slot, tab, pattern
 *   channel bottledwater_reply   payload: slot, tab, number of tables
 * </pre>
 *
 * @param pattern {@code schema.table}; {@code *} stands for any number of characters
 */
public record SnapshotRequest(String pattern) {
  private static final int LONGEST_PAYLOAD = 300;
  private static final String CHANNEL = "bottledwater";
  private static final String REPLY_CHANNEL = "bottledwater_reply";

  /** Makes the pump's session hear requests. */
  static void listen(Catalog catalog) throws SQLException {
    catalog.execute("LISTEN " + CHANNEL);
  }

  private static final long UNSEEN_NANOS = 4_000_000_000L;
  private static final int LOOK_AFTER = 10;

  /** Requests for this slot since the last call. */
  static List<SnapshotRequest> take(Catalog catalog, String slot) throws SQLException {
    List<SnapshotRequest> requests = new ArrayList<>();
    for (String payload : catalog.notifications(CHANNEL)) {
      if (payload.startsWith(slot + "\t") && payload.length() <= LONGEST_PAYLOAD) {
        requests.add(new SnapshotRequest(payload.substring(slot.length() + 1)));
      }
    }
    return requests;
  }

  void reply(Catalog catalog, String slot, int tables) throws SQLException {
    notify(catalog, REPLY_CHANNEL, slot + "\t" + tables);
  }

  /**
   * Sends the request and waits for the pump's answer; not for long where no pump is to be seen,
   * which may be between two sessions.
   *
   * @return how many tables will be read, or -1 when no pump answered in time
   */
  public int send(Catalog catalog, String slot, long waitMillis)
      throws SQLException, InterruptedException {
    catalog.execute("LISTEN " + REPLY_CHANNEL);
    notify(catalog, CHANNEL, slot + "\t" + pattern);
    long now = System.nanoTime();
    long deadline = now + waitMillis * 1_000_000L;
    long seen = now;
    for (int i = 0; now < deadline && now - seen < UNSEEN_NANOS; i++) {
      Thread.sleep(100);
      if (i % LOOK_AFTER == 0 && SlotLease.isTaken(catalog.connection(), slot)) {
        seen = now;
      }
      now = System.nanoTime();
      for (String payload : catalog.notifications(REPLY_CHANNEL)) {
        if (payload.startsWith(slot + "\t")) {
          return Integer.parseInt(payload.substring(slot.length() + 1));
        }
      }
    }
    return -1;
  }

  boolean matches(Relation relation) {
    return matches(pattern, relation.schema() + "." + relation.name());
  }

  // Linear but for one step back to the last star: anybody in the database can send a pattern.
  static boolean matches(String pattern, String name) {
    int p = 0;
    int n = 0;
    int star = -1;
    int resume = 0;
    while (n < name.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = n;
      } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  private static void notify(Catalog catalog, String channel, String payload) throws SQLException {
    catalog.execute(
        "SELECT pg_notify("
            + Identifiers.literal(channel)
            + ", "
            + Identifiers.literal(payload)
            + ")");
  }
}
