package io.bottledwater.source.catalog;

import io.bottledwater.postgres.Lsn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.stream.Collectors;

/** Looks at the rows of composite and enumerated types without reading what they say. */
final class TypeStateQuery {
  /**
   * First the end of the WAL, then whether somebody holds the lock of ALTER TYPE: it is released
   * after its transaction has become visible, so that with no such lock a look that follows sees
   * everything that was committed up to that end.
   */
  private static final String POSITION =
      "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()"
          + " ELSE pg_current_wal_flush_lsn() END::text,"
          + " EXISTS (SELECT FROM pg_locks l JOIN pg_type t ON t.typrelid = l.relation"
          + " WHERE t.oid IN (%s) AND l.granted AND l.mode = 'AccessExclusiveLock')";

  /**
   * The rows of a type that was never altered were made by the transaction that made the type. Ages
   * are counted modulo 2^32, since the rows hold no epoch.
   */
  private static final String STATE =
      "SELECT s.next, md5(concat(a.attributes, '/', e.labels)), coalesce(a.youngest, -1)"
          + " FROM (SELECT txid_snapshot_xmax(txid_current_snapshot()) & 4294967295 AS next) s,"
          + " LATERAL (SELECT"
          + " string_agg(concat_ws(' ', a.attrelid, a.attnum, a.xmin), ','"
          + " ORDER BY a.attrelid, a.attnum) AS attributes,"
          + " min((s.next - a.xmin::text::bigint + 4294967296) & 4294967295)"
          + " FILTER (WHERE a.xmin::text <> t.xmin::text) AS youngest"
          + " FROM pg_attribute a JOIN pg_type t ON t.typrelid = a.attrelid"
          + " WHERE t.oid IN (%1$s) AND a.attnum > 0) a,"
          + " LATERAL (SELECT string_agg(concat_ws(' ', enumtypid, enumsortorder, enumlabel), ','"
          + " ORDER BY enumtypid, enumsortorder) AS labels"
          + " FROM pg_enum WHERE enumtypid IN (%1$s)) e";

  private TypeStateQuery() {}

  static TypeState run(Connection connection, Set<Long> oids) throws SQLException {
    if (oids.isEmpty()) {
      // Nothing that could be altered: seen for good.
      return new TypeState(-1, 0, "", -1);
    }
    String list = oids.stream().map(String::valueOf).collect(Collectors.joining(","));
    try (Statement statement = connection.createStatement()) {
      long upTo;
      try (ResultSet r = statement.executeQuery(POSITION.formatted(list))) {
        r.next();
        upTo = r.getBoolean(2) ? Lsn.INVALID : Lsn.parse(r.getString(1));
      }
      try (ResultSet r = statement.executeQuery(STATE.formatted(list))) {
        r.next();
        return new TypeState(upTo, r.getLong(1), r.getString(2), r.getLong(3));
      }
    }
  }
}
