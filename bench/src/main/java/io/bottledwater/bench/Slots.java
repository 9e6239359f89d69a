package io.bottledwater.bench;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The replication slots that runs read from. */
final class Slots {
  private Slots() {}

  static void create(Statement sql, String slot) throws SQLException {
    sql.execute("SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
  }

  /** Drops the slot of a process that has ended. */
  static void drop(Statement sql, String slot) throws SQLException, InterruptedException {
    String found = " FROM pg_replication_slots WHERE slot_name = '" + slot + "'";
    // The server notices a killed client a moment later.
    while (exists(sql, "SELECT 1" + found + " AND active")) {
      Thread.sleep(20);
    }
    sql.execute("SELECT pg_drop_replication_slot(slot_name)" + found);
  }

  private static boolean exists(Statement sql, String query) throws SQLException {
    try (ResultSet r = sql.executeQuery(query)) {
      return r.next();
    }
  }
}
