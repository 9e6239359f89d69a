package io.bottledwater.bench;

import io.bottledwater.postgres.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** What PostgreSQL says about a run: whether it has begun, and how far its slot is. One thread. */
final class DatabaseWatch implements AutoCloseable {
  private static final String READS_A_TABLE =
      "SELECT EXISTS (SELECT FROM pg_stat_activity"
          + " WHERE datname = current_database() AND pid <> pg_backend_pid()"
          + " AND query ~* '(^copy|from)\\s+(only\\s+)?\"?public\"?\\.\"?bench_')";
  // A subject may read a temporary copy of the slot.
  private static final String READS_THE_SLOT =
      "SELECT EXISTS (SELECT FROM pg_replication_slots"
          + " WHERE (slot_name = ? OR temporary) AND active)";
  private static final String SENT =
      "SELECT r.sent_lsn >= ?::pg_lsn FROM pg_stat_replication r"
          + " JOIN pg_replication_slots s ON s.active_pid = r.pid WHERE s.slot_name = ?";

  private final Connection connection;
  private final PreparedStatement begun;
  private final PreparedStatement sent;

  DatabaseWatch(Connection connection, Job job) throws SQLException {
    this.connection = connection;
    if (job.scenario().isSnapshot()) {
      begun = connection.prepareStatement(READS_A_TABLE);
    } else {
      begun = connection.prepareStatement(READS_THE_SLOT);
      begun.setString(1, job.slot());
    }
    sent = connection.prepareStatement(SENT);
    sent.setString(1, Lsn.format(job.endLsn()));
    sent.setString(2, job.slot());
  }

  /** Whether the subject reads rows, or has read some. */
  boolean hasBegun() throws SQLException {
    return isTrue(begun);
  }

  /** Whether the server has sent the backlog to its end. */
  boolean isSent() throws SQLException {
    return isTrue(sent);
  }

  private static boolean isTrue(PreparedStatement query) throws SQLException {
    try (ResultSet r = query.executeQuery()) {
      return r.next() && r.getBoolean(1);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
