package io.bottledwater.source.catalog;

import io.bottledwater.postgres.Identifiers;
import io.bottledwater.postgres.PgType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** {@code pg_type}, read row by row and remembered. One thread only. */
final class TypeCatalog {
  /** A type with the typmod that a domain may have given it. */
  record Resolved(PgType type, int typmod) {}

  private record Row(PgType type, long baseOid, int baseTypmod) {}

  private static final String QUERY =
      "SELECT n.nspname, t.typname, t.typtype,"
          + " CASE WHEN t.typoutput = 'pg_catalog.array_out'::regproc THEN t.typelem ELSE 0 END,"
          + " pn.nspname, p.proname, t.typbasetype, t.typtypmod"
          + " FROM pg_catalog.pg_type t"
          + " JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
          + " JOIN pg_catalog.pg_proc p ON p.oid = t.typoutput"
          + " JOIN pg_catalog.pg_namespace pn ON pn.oid = p.pronamespace"
          + " WHERE t.oid = ?::bigint::oid";

  private static final int MAX_DOMAIN_DEPTH = 64;

  private final Map<Long, Row> rows = new HashMap<>();

  /** Follows domains down to their base type. */
  Resolved resolve(Connection connection, long oid, int typmod) throws SQLException {
    Row row = row(connection, oid);
    int resolvedTypmod = typmod;
    for (int depth = 0; row.type.kind() == 'd' && depth < MAX_DOMAIN_DEPTH; depth++) {
      if (resolvedTypmod < 0) {
        resolvedTypmod = row.baseTypmod;
      }
      row = row(connection, row.baseOid);
    }
    return new Resolved(row.type, resolvedTypmod);
  }

  private Row row(Connection connection, long oid) throws SQLException {
    Row known = rows.get(oid);
    if (known != null) {
      return known;
    }
    Row read = read(connection, oid);
    rows.put(oid, read);
    return read;
  }

  private static Row read(Connection connection, long oid) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(QUERY)) {
      statement.setLong(1, oid);
      try (ResultSet r = statement.executeQuery()) {
        if (!r.next()) {
          // Dropped since the change was made: its text is all that can be had, and is enough.
          return new Row(new PgType(oid, "", "unknown", 'b', 0, ""), 0, -1);
        }
        PgType type =
            new PgType(
                oid,
                r.getString(1),
                r.getString(2),
                r.getString(3).charAt(0),
                r.getLong(4),
                Identifiers.quote(r.getString(5), r.getString(6)));
        return new Row(type, r.getLong(7), r.getInt(8));
      }
    }
  }
}
