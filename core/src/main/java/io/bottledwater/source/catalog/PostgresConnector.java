package io.bottledwater.source.catalog;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.WeakHashMap;
import org.postgresql.PGProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens sessions whose text output does not depend on the server's or the role's settings, so that
 * one decoder fits snapshot and stream. Thread safe.
 */
public final class PostgresConnector {
  // As parameters of the session, because some of them cannot be given in the start-up packet: the
  // driver sends its own.
  private static final String SESSION_SETTINGS =
      "SET DateStyle = 'ISO, YMD';"
          + " SET IntervalStyle = 'postgres';"
          + " SET TimeZone = 'UTC';"
          + " SET extra_float_digits = 3;"
          + " SET bytea_output = 'hex';"
          + " SET lc_monetary = 'C';"
          + " SET search_path = pg_catalog;"
          // With row security on, a policy would leave rows out of the snapshot without a sign.
          + " SET row_security = off;"
          + " SET statement_timeout = 0;"
          + " SET lock_timeout = 0;"
          // Chunks of a snapshot are read by ctid.
          + " SET enable_tidscan = on;"
          + " SET idle_in_transaction_session_timeout = 0;"
          // These came with 14 and 17.
          + " SELECT set_config(name, '0', false) FROM pg_settings"
          + " WHERE name IN ('idle_session_timeout', 'transaction_timeout')";

  private static final Logger log = LoggerFactory.getLogger(PostgresConnector.class);

  private final String url;
  private final Properties properties;
  private final String address;

  // Those that are still in use, and some that are not.
  private final Set<Connection> opened = Collections.newSetFromMap(new WeakHashMap<>());

  /**
   * @param url the driver's URL, without secrets
   * @param properties the driver's properties, credentials among them
   * @param address {@code host:port/database}, for messages
   */
  public PostgresConnector(String url, Properties properties, String address) {
    this.url = url;
    this.properties = (Properties) properties.clone();
    this.address = address;
  }

  public String address() {
    return address;
  }

  /** An ordinary session, in autocommit mode. */
  public Connection open() {
    return open(properties);
  }

  /** A session that speaks the streaming replication protocol as well as SQL. */
  public Connection openReplication() {
    Properties replication = (Properties) properties.clone();
    PGProperty.REPLICATION.set(replication, "database");
    PGProperty.PREFER_QUERY_MODE.set(replication, "simple");
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(replication, "10");
    return open(replication);
  }

  private Connection open(Properties session) {
    try {
      Connection connection = DriverManager.getConnection(url, session);
      try (Statement statement = connection.createStatement()) {
        statement.execute(SESSION_SETTINGS);
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
      synchronized (opened) {
        opened.add(connection);
      }
      return connection;
    } catch (SQLException e) {
      throw PostgresErrors.translate(e, "connecting to PostgreSQL at " + address, address);
    }
  }

  /**
   * Breaks off all sessions that are open: a host that has vanished without a word leaves their
   * threads waiting for as long as the operating system has patience, often a quarter of an hour.
   * They fail as if the server had closed the connection.
   */
  public void abortAll() {
    List<Connection> open;
    synchronized (opened) {
      open = new ArrayList<>(opened);
      opened.clear();
    }
    for (Connection connection : open) {
      try {
        // With TLS even closing may wait for the other side.
        connection.abort(
            command -> {
              Thread thread = new Thread(command, "bw-abort");
              thread.setDaemon(true);
              thread.start();
            });
      } catch (SQLException e) {
        log.debug("a session could not be broken off");
      }
    }
  }
}
