package io.bottledwater.source.catalog;

import io.bottledwater.postgres.Column;
import io.bottledwater.postgres.Identifiers;
import io.bottledwater.postgres.Relation;
import io.bottledwater.postgres.ReplicaIdentity;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tables of the database. Over the catalog's session, on its thread. */
public final class TableCatalog {
  private static final int VERSION_12 = 120000;
  private static final int VERSION_13 = 130000;

  private final Connection connection;
  private final int version;
  private final ColumnCatalog columns;
  private final KeyCatalog keys;

  TableCatalog(Connection connection, int version, ColumnCatalog columns, KeyCatalog keys) {
    this.connection = connection;
    this.version = version;
    this.columns = columns;
    this.keys = keys;
  }

  /** Whether partitions can publish as their root ({@code publish_via_partition_root}). */
  public boolean publishesRoots() {
    return version >= VERSION_13;
  }

  /** Permanent tables of users: roots of partitioned ones, not their partitions. */
  public List<TableInfo> userTables() throws SQLException {
    // Below 13 a publication cannot hold a partitioned table, so its partitions stand alone.
    String which =
        publishesRoots() ? "c.relkind IN ('r', 'p') AND NOT c.relispartition" : "c.relkind = 'r'";
    return tables(
        which
            + " AND c.relpersistence = 'p' AND n.nspname !~ '^pg_'"
            + " AND n.nspname <> 'information_schema'");
  }

  /** The table with this OID as it is now, or null when it is gone. */
  public @Nullable TableInfo table(long oid) throws SQLException {
    List<TableInfo> found = tables("c.oid = " + oid);
    return found.isEmpty() ? null : found.get(0);
  }

  // Several queries tell what a table is. Each in a snapshot of its own would find a table that is
  // created, or dropped and created again, between two of them without its columns or its key.
  private List<TableInfo> tables(String condition) throws SQLException {
    if (!connection.getAutoCommit()) {
      return tablesNow(condition);
    }
    connection.setAutoCommit(false);
    try {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
      }
      List<TableInfo> tables = tablesNow(condition);
      connection.commit();
      connection.setAutoCommit(true);
      return tables;
    } catch (SQLException e) {
      abandon(e);
      throw e;
    }
  }

  // The connection may be what failed.
  private void abandon(SQLException failure) {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  private List<TableInfo> tablesNow(String condition) throws SQLException {
    Map<Long, List<Column>> columnsOf = columns.columns(condition);
    Map<Long, KeyCatalog.Keys> keysOf = keys.keys(condition);
    List<TableInfo> tables = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet r = statement.executeQuery(tablesQuery(condition))) {
      while (r.next()) {
        long oid = r.getLong(1);
        ReplicaIdentity identity = ReplicaIdentity.of(r.getString(4).charAt(0));
        List<Column> tableColumns = columnsOf.getOrDefault(oid, List.of());
        KeyCatalog.KeyIndex key = keysOf.getOrDefault(oid, KeyCatalog.Keys.NONE).index(identity);
        Relation relation =
            new Relation(
                oid,
                r.getString(2),
                r.getString(3),
                identity,
                tableColumns,
                keyIndexes(key.columns(), tableColumns),
                key.name());
        tables.add(
            new TableInfo(
                relation,
                r.getString(5).equals("p"),
                List.of((String[]) r.getArray(6).getArray()),
                r.getBoolean(7),
                r.getBoolean(8),
                r.getBoolean(9)));
      }
    }
    return tables;
  }

  // In sets and not table by table: with ten thousand of them the server would look through its
  // catalog once for each.
  private String tablesQuery(String condition) {
    // The snapshot reads a partition by its own name, which takes privileges of its own.
    String partitions =
        publishesRoots()
            ? " UNION SELECT r.oid, p.relid::oid FROM roots r"
                + " CROSS JOIN LATERAL pg_partition_tree(r.oid::regclass) p WHERE r.relkind = 'p'"
            : "";
    return "WITH roots AS ("
        + "SELECT c.oid, n.nspname, c.relname, c.relreplident, c.relkind, c.relowner"
        + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE "
        + condition
        + "), files AS (SELECT oid AS root, oid AS file FROM roots"
        + partitions
        + "), judged AS (SELECT f.root,"
        + " array_agg(DISTINCT fn.nspname::text ORDER BY fn.nspname::text)"
        + " FILTER (WHERE NOT has_table_privilege(fc.oid, 'SELECT')"
        + " OR NOT has_schema_privilege(fn.oid, 'USAGE')) AS unreadable,"
        + " bool_or(row_security_active(fc.oid)) AS hidden,"
        // The server judges each partition by itself, and identities are not inherited.
        + " bool_and(fc.oid = f.root OR fc.relkind <> 'r' OR fc.relreplident = 'f' OR EXISTS"
        + " (SELECT FROM pg_index i WHERE i.indrelid = fc.oid"
        + " AND (fc.relreplident = 'd' AND i.indisprimary AND i.indimmediate"
        + " OR fc.relreplident = 'i' AND i.indisreplident))) AS identified"
        + " FROM files f JOIN pg_class fc ON fc.oid = f.file"
        + " JOIN pg_namespace fn ON fn.oid = fc.relnamespace GROUP BY f.root)"
        + " SELECT r.oid::bigint, r.nspname, r.relname, r.relreplident, r.relkind,"
        + " coalesce(j.unreadable, '{}'), j.hidden, j.identified,"
        + " pg_has_role(r.relowner, 'USAGE')"
        + " FROM roots r JOIN judged j ON j.root = r.oid ORDER BY r.nspname, r.relname";
  }

  private static List<Integer> keyIndexes(List<String> names, List<Column> columns) {
    List<Integer> indexes = new ArrayList<>();
    for (String name : names) {
      for (int i = 0; i < columns.size(); i++) {
        if (columns.get(i).name().equals(name)) {
          indexes.add(i);
        }
      }
    }
    return indexes.size() == names.size() ? indexes : List.of();
  }

  /** The leaf partitions of a partitioned table. */
  public List<Long> leafPartitions(long root) throws SQLException {
    List<Long> leaves = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet r =
            statement.executeQuery(
                "SELECT relid::oid::bigint FROM pg_partition_tree("
                    + root
                    + "::bigint::oid::regclass) WHERE isleaf ORDER BY 1")) {
      while (r.next()) {
        leaves.add(r.getLong(1));
      }
    }
    return leaves;
  }

  /** Quoted name of the table with this OID, or null when it is gone. */
  public @Nullable String tableName(long oid) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT n.nspname, c.relname FROM pg_class c"
                + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ?::bigint::oid")) {
      statement.setLong(1, oid);
      try (ResultSet r = statement.executeQuery()) {
        return r.next() ? Identifiers.quote(r.getString(1), r.getString(2)) : null;
      }
    }
  }

  /** By table, the columns whose large values are stored apart (TOAST), in order. */
  public Map<Long, List<String>> toastableColumns() throws SQLException {
    Map<Long, List<String>> columns = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet r =
            statement.executeQuery(
                "SELECT attrelid::bigint, attname FROM pg_attribute"
                    + " WHERE attnum > 0 AND NOT attisdropped AND attstorage IN ('x', 'e')"
                    + " ORDER BY attrelid, attnum")) {
      while (r.next()) {
        columns.computeIfAbsent(r.getLong(1), oid -> new ArrayList<>()).add(r.getString(2));
      }
    }
    return columns;
  }

  /** Whether a table, and each of its partitions, has replica identity FULL. */
  public boolean isFullThroughout(long oid) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet r =
            statement.executeQuery(
                "SELECT bool_and(relreplident = 'f') FROM pg_class WHERE oid = "
                    + oid
                    + (publishesRoots()
                        ? " OR oid IN (SELECT relid FROM pg_partition_tree("
                            + oid
                            + "::bigint::oid::regclass))"
                        : ""))) {
      r.next();
      return r.getBoolean(1);
    }
  }

  /** By table, the stored generated columns, in order. */
  public Map<Long, Set<String>> generatedColumns() throws SQLException {
    Map<Long, Set<String>> columns = new HashMap<>();
    if (version < VERSION_12) {
      return columns;
    }
    try (Statement statement = connection.createStatement();
        ResultSet r =
            statement.executeQuery(
                "SELECT attrelid::bigint, attname FROM pg_attribute"
                    + " WHERE attgenerated = 's' AND NOT attisdropped ORDER BY attrelid, attnum")) {
      while (r.next()) {
        columns.computeIfAbsent(r.getLong(1), oid -> new LinkedHashSet<>()).add(r.getString(2));
      }
    }
    return columns;
  }
}
