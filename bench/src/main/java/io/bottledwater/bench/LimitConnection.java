package io.bottledwater.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.PGProperty;

/** What the limit's processes share; the password comes in {@code PGPASSWORD}. */
final class LimitConnection {
  private LimitConnection() {}

  static Connection open(String url, String user, boolean replication) throws SQLException {
    Properties properties = new Properties();
    PGProperty.USER.set(properties, user);
    PGProperty.PASSWORD.set(properties, System.getenv("PGPASSWORD"));
    if (replication) {
      PGProperty.REPLICATION.set(properties, "database");
      PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "10");
      PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
    }
    return DriverManager.getConnection(url, properties);
  }

  /** Says that all has been read, and stays, so that the process can still be measured. */
  static void done() throws IOException {
    System.out.println("done");
    while (System.in.read() >= 0) {
      // Nothing is expected; only the end counts.
    }
  }
}
