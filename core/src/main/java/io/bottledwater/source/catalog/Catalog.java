package io.bottledwater.source.catalog;

import io.bottledwater.postgres.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Reads PostgreSQL's catalog over one ordinary session. Works from PostgreSQL 10 on. One thread
 * only; methods throw the driver's exceptions, the caller knows what it was doing.
 */
public final class Catalog implements AutoCloseable {
  private static final int VERSION_13 = 130000;
  private static final int VERSION_17 = 170000;

  private final Connection connection;
  private final int version;
  private final ColumnCatalog columns;
  private final TableCatalog tables;
  private final KeyCatalog keys;
  private final PublicationCatalog publications;
  private final ServerActivity activity;

  public Catalog(Connection connection) throws SQLException {
    this.connection = connection;
    this.version = Integer.parseInt(show("server_version_num"));
    this.columns = new ColumnCatalog(connection, version);
    this.keys = new KeyCatalog(connection, version);
    this.tables = new TableCatalog(connection, version, columns, keys);
    this.publications = new PublicationCatalog(connection, version);
    this.activity = new ServerActivity(connection);
  }

  public TableCatalog tables() {
    return tables;
  }

  public ColumnCatalog columns() {
    return columns;
  }

  KeyCatalog keys() {
    return keys;
  }

  public PublicationCatalog publications() {
    return publications;
  }

  public ServerActivity activity() {
    return activity;
  }

  public int version() {
    return version;
  }

  public ServerInfo serverInfo() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet r =
            statement.executeQuery(
                "SELECT (SELECT system_identifier::text FROM pg_control_system()),"
                    // A checkpoint tells of a promotion late; the name of the current segment at
                    // once.
                    + " CASE WHEN pg_is_in_recovery()"
                    + " THEN (SELECT timeline_id FROM pg_control_checkpoint())"
                    + " ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))"
                    + "::bit(32)::int END,"
                    + " current_setting('wal_level'),"
                    + " current_setting('server_encoding'),"
                    + " current_database(), current_user,"
                    + " rolsuper, rolreplication OR rolsuper"
                    + " FROM pg_roles WHERE rolname = current_user")) {
      r.next();
      return new ServerInfo(
          version,
          r.getString(1),
          r.getInt(2),
          r.getString(3),
          r.getString(4),
          r.getString(5),
          r.getString(6),
          r.getBoolean(7),
          r.getBoolean(8),
          timeZone());
    }
  }

  /**
   * The driver asks for a time zone of its own in the start-up packet, so that the session itself
   * does not know any more what it would have had. In the order in which the server applies them:
   * settings of role and database, then the configuration files, where this role may see them.
   * {@code log_timezone} is what is left: initdb gives both parameters the system's zone.
   */
  private String timeZone() throws SQLException {
    String assigned =
        firstText(
            "SELECT substr(c, 10) FROM pg_db_role_setting, unnest(setconfig) c"
                + " WHERE lower(c) LIKE 'timezone=%'"
                + " AND setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = current_user))"
                + " AND setdatabase IN"
                + " (0, (SELECT oid FROM pg_database WHERE datname = current_database()))"
                + " ORDER BY setrole <> 0 AND setdatabase <> 0 DESC, setrole <> 0 DESC,"
                + " setdatabase <> 0 DESC");
    if (assigned != null) {
      return assigned;
    }
    String configured =
        firstText("SELECT 1 WHERE has_function_privilege('pg_show_all_file_settings()', 'execute')")
                == null
            ? null
            : firstText(
                "SELECT setting FROM pg_file_settings WHERE lower(name) = 'timezone'"
                    + " AND error IS NULL ORDER BY seqno DESC");
    return configured != null ? configured : show("log_timezone");
  }

  private @Nullable String firstText(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet r = statement.executeQuery(query)) {
      return r.next() ? r.getString(1) : null;
    }
  }

  /** Slot by name, or null. */
  public @Nullable SlotInfo slot(String name) throws SQLException {
    String walStatus = version >= VERSION_13 ? "wal_status" : "NULL::text";
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT plugin, database, "
                + walStatus
                + (version >= VERSION_17 ? ", invalidation_reason, synced" : ", NULL, false")
                + ", confirmed_flush_lsn::text, coalesce(active_pid, 0)"
                + " FROM pg_replication_slots WHERE slot_name = ?")) {
      statement.setString(1, name);
      try (ResultSet r = statement.executeQuery()) {
        if (!r.next()) {
          return null;
        }
        String confirmed = r.getString(6);
        return new SlotInfo(
            r.getString(1),
            r.getString(2),
            r.getString(3),
            r.getString(4),
            r.getBoolean(5),
            confirmed == null ? Lsn.INVALID : Lsn.parse(confirmed),
            r.getInt(7));
      }
    }
  }

  /** Payloads that came on a channel since the last call; the session must LISTEN on it. */
  public List<String> notifications(String channel) throws SQLException {
    execute("SELECT 1");
    List<String> payloads = new ArrayList<>();
    PGNotification[] notifications = connection.unwrap(PGConnection.class).getNotifications();
    for (PGNotification notification :
        notifications == null ? new PGNotification[0] : notifications) {
      if (notification.getName().equals(channel)) {
        payloads.add(notification.getParameter());
      }
    }
    return payloads;
  }

  public void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  public Connection connection() {
    return connection;
  }

  private String show(String setting) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet r = statement.executeQuery("SHOW " + setting)) {
      r.next();
      return r.getString(1);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // The session ends with the process at the latest; nothing depends on its farewell.
      org.slf4j.LoggerFactory.getLogger(Catalog.class).debug("closing the catalog session failed");
    }
  }
}
