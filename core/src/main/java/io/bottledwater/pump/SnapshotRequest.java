package io.bottledwater.pump;

import io.bottledwater.postgres.Identifiers;
import io.bottledwater.postgres.Relation;
import io.bottledwater.source.catalog.Catalog;
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
  private static final String CHANNEL = "bottledwater";
  private static final String REPLY_CHANNEL = "bottledwater_reply";

  /** Makes the pump's session hear requests. */
  static void listen(Catalog catalog) throws SQLException {
    catalog.execute("LISTEN " + CHANNEL);
  }

  /** Requests for this slot since the last call. */
  static List<SnapshotRequest> take(Catalog catalog, String slot) throws SQLException {
    List<SnapshotRequest> requests = new ArrayList<>();
    for (String payload : catalog.notifications(CHANNEL)) {
      if (payload.startsWith(slot + "\t")) {
        requests.add(new SnapshotRequest(payload.substring(slot.length() + 1)));
      }
    }
    return requests;
  }

  void reply(Catalog catalog, String slot, int tables) throws SQLException {
    notify(catalog, REPLY_CHANNEL, slot + "\t" + tables);
  }

  /**
   * Sends the request and waits for the pump's answer.
   *
   * @return how many tables will be read, or -1 when no pump answered in time
   */
  public int send(Catalog catalog, String slot, long waitMillis)
      throws SQLException, InterruptedException {
    catalog.execute("LISTEN " + REPLY_CHANNEL);
    notify(catalog, CHANNEL, slot + "\t" + pattern);
    long deadline = System.nanoTime() + waitMillis * 1_000_000L;
    while (System.nanoTime() < deadline) {
      Thread.sleep(100);
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

  static boolean matches(String pattern, String name) {
    int star = pattern.indexOf('*');
    if (star < 0) {
      return pattern.equals(name);
    }
    if (!name.startsWith(pattern.substring(0, star))) {
      return false;
    }
    String rest = pattern.substring(star + 1);
    for (int from = star; from <= name.length(); from++) {
      if (matches(rest, name.substring(from))) {
        return true;
      }
    }
    return false;
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
