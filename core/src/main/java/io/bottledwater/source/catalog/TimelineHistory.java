package io.bottledwater.source.catalog;

import io.bottledwater.postgres.Lsn;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * Where timelines branched off (PostgreSQL manual, "Streaming Replication Protocol",
 * TIMELINE_HISTORY; "Continuous Archiving", timelines). A line of the file is {@code timeline, LSN,
 * reason}, separated by white space.
 */
public final class TimelineHistory {
  private TimelineHistory() {}

  /**
   * Where the server's present timeline left an older one.
   *
   * @param present the timeline that the server writes now
   * @param older the timeline to look for
   * @return null when the older one is not an ancestor
   */
  public static @Nullable Long branchPoint(PostgresConnector connector, int present, int older) {
    try (Connection connection = connector.openReplication();
        Statement statement = connection.createStatement();
        ResultSet r = statement.executeQuery("TIMELINE_HISTORY " + present)) {
      return r.next()
          ? parse(new String(r.getBytes("content"), StandardCharsets.UTF_8), older)
          : null;
    } catch (SQLException e) {
      throw PostgresErrors.translate(e, "reading the timeline's history", connector.address());
    }
  }

  static @Nullable Long parse(String history, int older) {
    for (String line : history.lines().toList()) {
      String[] fields = line.strip().split("\\s+", 3);
      if (fields.length >= 2 && fields[0].equals(Integer.toString(older))) {
        return Lsn.parse(fields[1]);
      }
    }
    return null;
  }
}
