package io.bottledwater.source.catalog;

import io.bottledwater.postgres.Identifiers;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the catalog says of publications: which there are, whose they are, and what they send of
 * each table. One thread only, as the {@link Catalog} it belongs to.
 */
public final class PublicationCatalog {
  private static final String CLAIM = "made by bottledwater, which adds new tables to it";
  private static final int VERSION_13 = 130000;
  private static final int VERSION_15 = 150000;
  private static final int VERSION_18 = 180000;

  private final Connection connection;
  private final int version;

  PublicationCatalog(Connection connection, int version) {
    this.connection = connection;
    this.version = version;
  }

  /** Whether publications can have column lists and row filters. */
  public boolean canFilter() {
    return version >= VERSION_15;
  }

  /** Whether publications can send stored generated columns. */
  public boolean canSendGeneratedColumns() {
    return version >= VERSION_18;
  }

  /** Whether a publication exists. */
  public boolean exists(String name) throws SQLException {
    return find(name) != null;
  }

  /** Publication by name, or null. */
  public @Nullable PublicationInfo find(String name) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT pubinsert, pubupdate, pubdelete, "
                + (version >= VERSION_13 ? "pubviaroot, " : "false, ")
                + (version >= VERSION_15
                    ? "EXISTS (SELECT FROM pg_publication_rel WHERE prpubid = p.oid"
                        + " AND (prattrs IS NOT NULL OR prqual IS NOT NULL))"
                    : "false")
                + " FROM pg_publication p WHERE pubname = ?")) {
      statement.setString(1, name);
      try (ResultSet r = statement.executeQuery()) {
        return r.next()
            ? new PublicationInfo(
                r.getBoolean(1), r.getBoolean(2), r.getBoolean(3), r.getBoolean(4), r.getBoolean(5))
            : null;
      }
    }
  }

  /** What publications send of each table, by OID; empty before 15, where they send all of it. */
  public Map<Long, PublishedTable> published(List<String> publications) throws SQLException {
    Map<Long, PublishedTable> published = new HashMap<>();
    if (!canFilter()) {
      return published;
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT c.oid::bigint, coalesce(p.attnames::text[], '{}'), p.rowfilter"
                + " FROM pg_publication_tables p"
                + " JOIN pg_namespace n ON n.nspname = p.schemaname"
                + " JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = p.tablename"
                + " WHERE p.pubname = ANY(?)")) {
      statement.setArray(1, connection.createArrayOf("name", publications.toArray()));
      try (ResultSet r = statement.executeQuery()) {
        while (r.next()) {
          published.put(
              r.getLong(1),
              new PublishedTable(List.of((String[]) r.getArray(2).getArray()), r.getString(3)));
        }
      }
    }
    return published;
  }

  /** OIDs of the tables that a publication publishes, partition roots as roots. */
  public Set<Long> tables(String publication) throws SQLException {
    Set<Long> oids = new TreeSet<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT c.oid::bigint FROM pg_publication_tables p"
                + " JOIN pg_namespace n ON n.nspname = p.schemaname"
                + " JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = p.tablename"
                + " WHERE p.pubname = ?")) {
      statement.setString(1, publication);
      try (ResultSet r = statement.executeQuery()) {
        while (r.next()) {
          oids.add(r.getLong(1));
        }
      }
    }
    return oids;
  }

  /** Names of the columns that a publication's row filter of a table looks at. */
  public List<String> filterColumns(String publication, long oid) throws SQLException {
    List<String> columns = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT DISTINCT a.attname FROM pg_publication p"
                + " JOIN pg_publication_rel pr ON pr.prpubid = p.oid AND pr.prrelid = ?::bigint::oid"
                + " JOIN pg_depend d ON d.classid = 'pg_publication_rel'::regclass"
                + " AND d.objid = pr.oid AND d.refclassid = 'pg_class'::regclass"
                + " AND d.refobjid = pr.prrelid AND d.refobjsubid > 0"
                + " JOIN pg_attribute a ON a.attrelid = pr.prrelid AND a.attnum = d.refobjsubid"
                + " WHERE p.pubname = ? ORDER BY 1")) {
      statement.setLong(1, oid);
      statement.setString(2, publication);
      try (ResultSet r = statement.executeQuery()) {
        while (r.next()) {
          columns.add(r.getString(1));
        }
      }
    }
    return columns;
  }

  /**
   * By which of their entries publications hold tables: a text that changes when a table is taken
   * out and put in again, by OID of the table. Tables that are in none are missing.
   */
  public Map<Long, String> memberships(List<String> publications) throws SQLException {
    String schemas =
        version >= VERSION_15
            ? " UNION ALL SELECT c.oid, 'schema ' || m.oid FROM pg_publication_namespace m"
                + " JOIN chosen p ON p.oid = m.pnpubid JOIN pg_class c ON c.relnamespace = m.pnnspid"
                + " WHERE c.relkind IN ('r', 'p')"
            : "";
    Map<Long, String> memberships = new HashMap<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "WITH chosen AS (SELECT oid, puballtables FROM pg_publication WHERE pubname = ANY(?))"
                + " SELECT m.rel::bigint, string_agg(m.entry, ', ' ORDER BY m.entry) FROM ("
                + "SELECT r.prrelid AS rel, 'table ' || r.oid AS entry FROM pg_publication_rel r"
                + " JOIN chosen p ON p.oid = r.prpubid"
                + schemas
                + " UNION ALL SELECT c.oid, 'all ' || p.oid FROM pg_class c, chosen p"
                + " WHERE p.puballtables AND c.relkind IN ('r', 'p')) m GROUP BY 1")) {
      statement.setArray(1, connection.createArrayOf("name", publications.toArray()));
      try (ResultSet r = statement.executeQuery()) {
        while (r.next()) {
          memberships.put(r.getLong(1), r.getString(2));
        }
      }
    }
    return memberships;
  }

  /** Changes when tables, or what a publication holds, may have changed. */
  public String fingerprint(List<String> publications) throws SQLException {
    String schemas =
        version >= VERSION_15
            ? " || ' ' || (SELECT count(*) || '/' || coalesce(sum(r.oid::bigint), 0)"
                + " FROM pg_publication_namespace r"
                + " JOIN pg_publication p ON p.oid = r.pnpubid WHERE p.pubname = ANY(?))"
            : "";
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT (SELECT count(*) || '/' || max(oid::bigint) || '/' || sum(relnamespace::bigint)"
                + " || '/' || sum(hashtext(relname::text)::bigint)"
                + " FROM pg_class WHERE relkind IN ('r', 'p') AND relpersistence = 'p')"
                + " || ' ' || (SELECT count(*) FROM pg_index WHERE indisprimary OR indisreplident)"
                + " || ' ' || (SELECT count(*) || '/' || coalesce(sum(r.oid::bigint), 0)"
                + " FROM pg_publication_rel r"
                + " JOIN pg_publication p ON p.oid = r.prpubid WHERE p.pubname = ANY(?))"
                + schemas)) {
      Array names = connection.createArrayOf("name", publications.toArray());
      statement.setArray(1, names);
      if (!schemas.isEmpty()) {
        statement.setArray(2, names);
      }
      try (ResultSet r = statement.executeQuery()) {
        r.next();
        return r.getString(1);
      }
    }
  }

  /** Marks a publication as one that the pump made, and may add tables to. */
  public void claim(String name) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "COMMENT ON PUBLICATION "
              + Identifiers.quote(name)
              + " IS "
              + Identifiers.literal(CLAIM));
    }
  }

  /** Whether the pump made the publication. */
  public boolean owns(String name) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT obj_description(oid, 'pg_publication') = ? FROM pg_publication"
                + " WHERE pubname = ?")) {
      statement.setString(1, CLAIM);
      statement.setString(2, name);
      try (ResultSet r = statement.executeQuery()) {
        return r.next() && r.getBoolean(1);
      }
    }
  }
}
