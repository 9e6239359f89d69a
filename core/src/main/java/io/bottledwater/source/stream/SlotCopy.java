package io.bottledwater.source.stream;

import io.bottledwater.postgres.Identifiers;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.source.catalog.Catalog;
import io.bottledwater.source.catalog.PostgresConnector;
import io.bottledwater.source.copy.CopyMessages;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * A session with a temporary copy of a replication slot (PostgreSQL manual, "Replication Management
 * Functions"). What is read from the copy leaves the slot itself where it is; the copy goes with
 * the session. One thread only, but for {@link #cancel()}.
 */
final class SlotCopy implements AutoCloseable {
  private static final String NAME = "bottledwater_catch_up_";

  private final Connection connection;
  private final Catalog catalog;
  private final String name;
  private final PluginOptions options;

  private SlotCopy(Connection connection, String name, PluginOptions options) throws SQLException {
    this.connection = connection;
    this.catalog = new Catalog(connection);
    this.name = name;
    this.options = options;
  }

  /** What {@code pg_replication_slots} says of a slot. */
  record Extent(long restartLsn, long confirmedLsn) {}

  static SlotCopy of(PostgresConnector connector, String slot, PluginOptions options)
      throws SQLException {
    Connection connection = connector.open();
    try (Statement statement = connection.createStatement();
        ResultSet r = statement.executeQuery("SELECT pg_backend_pid()")) {
      r.next();
      SlotCopy copy = new SlotCopy(connection, NAME + r.getInt(1), options);
      copy.copy(slot);
      return copy;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Becomes a copy of another slot, and so stands where that one stands. */
  void stepTo(String slot) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_drop_replication_slot(?)")) {
      statement.setString(1, name);
      statement.execute();
    }
    copy(slot);
  }

  private void copy(String slot) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_copy_logical_replication_slot(?, ?, true)")) {
      statement.setString(1, slot);
      statement.setString(2, name);
      statement.execute();
    }
  }

  String name() {
    return name;
  }

  /** How far a slot is, or null when there is none of that name. */
  @Nullable Extent extent(String slot) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT restart_lsn::text, confirmed_flush_lsn::text FROM pg_replication_slots"
                + " WHERE slot_name = ? AND restart_lsn IS NOT NULL"
                + " AND confirmed_flush_lsn IS NOT NULL")) {
      statement.setString(1, slot);
      try (ResultSet r = statement.executeQuery()) {
        return r.next() ? new Extent(Lsn.parse(r.getString(1)), Lsn.parse(r.getString(2))) : null;
      }
    }
  }

  /** How far the server's WAL can be decoded. */
  long walEnd() throws SQLException {
    return catalog.activity().walEnd();
  }

  /** Moves a slot forward; the server reads the WAL in between, but decodes no changes. */
  void advance(String slot, long lsn) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_replication_slot_advance(?, ?::pg_lsn)")) {
      statement.setString(1, slot);
      statement.setString(2, Lsn.format(lsn));
      statement.execute();
    }
  }

  /**
   * Has the server decode all transactions that commit between where the copy stands and the first
   * record that ends at or behind {@code upToLsn}, moves the copy there, and returns when that is
   * done: from then on the rows only need to be fetched.
   */
  CopyMessages read(long upToLsn) throws SQLException {
    return CopyMessages.copy(
        connection,
        "COPY (SELECT lsn, data FROM pg_logical_slot_get_binary_changes("
            + Identifiers.literal(name)
            + ", "
            + Identifiers.literal(Lsn.format(upToLsn))
            + ", NULL, "
            + options.asArguments()
            + ")) TO STDOUT (FORMAT binary)");
  }

  /** Ends what the server is doing for this session; callable from any thread. */
  void cancel() {
    try {
      connection.unwrap(PGConnection.class).cancelQuery();
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      org.slf4j.LoggerFactory.getLogger(SlotCopy.class).debug("cancelling failed");
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      org.slf4j.LoggerFactory.getLogger(SlotCopy.class).debug("closing failed");
    }
  }
}
