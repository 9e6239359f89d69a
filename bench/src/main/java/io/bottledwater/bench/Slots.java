package io.bottledwater.bench;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The replication slots that runs read from. */
final class Slots {
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  private Slots() {}

  static void create(Statement sql, String slot) throws SQLException {
    sql.execute("SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
  }

  /** Drops the slot of a process that has ended, with a session of it that is left. */
  static void drop(Statement sql, String slot) throws SQLException, InterruptedException {
    String found = " FROM pg_replication_slots WHERE slot_name = '" + slot + "'";
    // The server notices a killed client a moment later, as a rule.
    long untilNanos = System.nanoTime() + PATIENCE_NANOS;
    while (exists(sql, "SELECT 1" + found + " AND active")) {
      Thread.sleep(20);
      if (System.nanoTime() - untilNanos > 0) {
        sql.execute("SELECT pg_terminate_backend(active_pid)" + found + " AND active");
        untilNanos = System.nanoTime() + PATIENCE_NANOS;
      }
    }
    sql.execute("SELECT pg_drop_replication_slot(slot_name)" + found);
  }

  private static boolean exists(Statement sql, String query) throws SQLException {
    try (ResultSet r = sql.executeQuery(query)) {
      return r.next();
    }
  }
}
