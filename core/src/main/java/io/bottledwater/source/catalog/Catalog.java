package io.bottledwater.source.catalog;

import io.bottledwater.postgres.Column;
import io.bottledwater.postgres.Identifiers;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.postgres.PgSnapshot;
import io.bottledwater.postgres.Relation;
import io.bottledwater.postgres.ReplicaIdentity;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Reads PostgreSQL's catalog over one ordinary session. Works from PostgreSQL 10 on. One thread
 * only; methods throw the driver's exceptions, the caller knows what it was doing.
 */
public final class Catalog implements AutoCloseable {
  private static final int VERSION_11 = 110000;
  private static final int VERSION_12 = 120000;
  private static final int VERSION_13 = 130000;
  private static final int VERSION_17 = 170000;
  private static final int VERSION_18 = 180000;

  private final Connection connection;
  private final int version;
  private final TypeCatalog types;
  private final PublicationCatalog publications;
  private final Map<TypeUse, String> formatted = new HashMap<>();

  private long flushMillis;

  private record TypeUse(long oid, int typmod) {}

  private record RawColumn(long table, String name, long typeOid, int typmod, String typeName) {}

  public Catalog(Connection connection) throws SQLException {
    this.connection = connection;
    this.version = Integer.parseInt(show("server_version_num"));
    this.types = new TypeCatalog(version);
    this.publications = new PublicationCatalog(connection, version);
  }

  public int version() {
    return version;
  }

  public PublicationCatalog publications() {
    return publications;
  }

  /** Whether partitions can publish as their root ({@code publish_via_partition_root}). */
  public boolean publishesPartitionRoots() {
    return version >= VERSION_13;
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

  /** Permanent tables of users: roots of partitioned ones, not their partitions. */
  public List<TableInfo> userTables() throws SQLException {
    // Below 13 a publication cannot hold a partitioned table, so its partitions stand alone.
    String which =
        publishesPartitionRoots()
            ? "c.relkind IN ('r', 'p') AND NOT c.relispartition"
            : "c.relkind = 'r'";
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

  /**
   * A key's index.
   *
   * @param columns in index order, none when there is no key
   */
  record KeyIndex(String name, List<String> columns) {
    static final KeyIndex NONE = new KeyIndex("", List.of());
  }

  private record Key(boolean primary, boolean identity, boolean immediate, KeyIndex index) {}

  // Several queries tell what a table is. Each in a snapshot of its own would find a table that is
  // created, or dropped and created again, between two of them without its columns or its key.
  private List<TableInfo> tables(String condition) throws SQLException {
    if (!connection.getAutoCommit()) {
      return tablesNow(condition);
    }
    connection.setAutoCommit(false);
    try {
      execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
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
    Map<Long, List<Column>> columns = columns(condition);
    Map<Long, List<Key>> keys = keys(condition);
    List<TableInfo> tables = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet r = statement.executeQuery(tablesQuery(condition))) {
      while (r.next()) {
        long oid = r.getLong(1);
        ReplicaIdentity identity = ReplicaIdentity.of(r.getString(4).charAt(0));
        List<Column> tableColumns = columns.getOrDefault(oid, List.of());
        KeyIndex key = chooseKey(identity, keys.getOrDefault(oid, List.of()));
        Relation relation =
            new Relation(
                oid,
                r.getString(2),
                r.getString(3),
                identity,
                tableColumns,
                keyIndexes(key.columns, tableColumns),
                key.name);
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
        publishesPartitionRoots()
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

  /** The keys that a table has. */
  static final class Keys {
    private final List<Key> keys;

    private Keys(List<Key> keys) {
      this.keys = keys;
    }

    /**
     * The key's index: the replica identity index, else the primary key; without columns for an
     * unkeyed table and for replica identity NOTHING.
     */
    KeyIndex index(ReplicaIdentity identity) {
      return chooseKey(identity, keys);
    }
  }

  /** The keys of each of the tables, by OID. */
  Map<Long, Keys> keys(Set<Long> oids) throws SQLException {
    Map<Long, List<Key>> found =
        keys(
            oids.stream()
                .map(oid -> Long.toString(oid))
                .collect(Collectors.joining(", ", "c.oid IN (", ")")));
    Map<Long, Keys> keys = new HashMap<>();
    for (long oid : oids) {
      keys.put(oid, new Keys(found.getOrDefault(oid, List.of())));
    }
    return keys;
  }

  /**
   * Completes columns whose types are known by OID only. Types that can be altered are read anew.
   *
   * @param typeOids type of each column; {@code typmods} runs alongside
   */
  public List<Column> columns(String[] names, long[] typeOids, int[] typmods) throws SQLException {
    types.forgetAlterable();
    types.load(connection, Arrays.stream(typeOids).boxed().toList());
    formatTypes(typeOids, typmods);
    List<Column> columns = new ArrayList<>(names.length);
    for (int i = 0; i < names.length; i++) {
      columns.add(
          new Column(
              names[i],
              types.type(typeOids[i]),
              typmods[i],
              formatted.getOrDefault(new TypeUse(typeOids[i], typmods[i]), "???")));
    }
    return columns;
  }

  /** A relation with its columns' types as they are now. */
  public Relation withTypesRead(Relation relation) throws SQLException {
    types.forgetAlterable();
    types.load(connection, relation.columns().stream().map(c -> c.type().oid()).toList());
    List<Column> columns = new ArrayList<>();
    for (Column c : relation.columns()) {
      columns.add(new Column(c.name(), types.type(c.type().oid()), c.typmod(), c.typeName()));
    }
    return relation.withColumns(columns);
  }

  /**
   * How composite and enumerated types stand now.
   *
   * @param oids of the types; what is neither is passed over
   */
  public TypeState typeState(Set<Long> oids) throws SQLException {
    return TypeStateQuery.run(connection, oids);
  }

  private void formatTypes(long[] oids, int[] typmods) throws SQLException {
    Set<TypeUse> missing = new LinkedHashSet<>();
    for (int i = 0; i < oids.length; i++) {
      missing.add(new TypeUse(oids[i], typmods[i]));
    }
    missing.removeAll(formatted.keySet());
    if (missing.isEmpty()) {
      return;
    }
    StringBuilder values = new StringBuilder();
    for (TypeUse use : missing) {
      values.append(values.length() == 0 ? "" : ", ");
      values.append("(").append(use.oid).append("::bigint, ").append(use.typmod).append(")");
    }
    try (Statement statement = connection.createStatement();
        ResultSet r =
            statement.executeQuery(
                "SELECT o, m, format_type(o::oid, m) FROM (VALUES " + values + ") v (o, m)")) {
      while (r.next()) {
        formatted.put(new TypeUse(r.getLong(1), r.getInt(2)), r.getString(3));
      }
    }
  }

  private Map<Long, List<Column>> columns(String condition) throws SQLException {
    // Below 18 pgoutput leaves generated columns out, so the snapshot does too; from 18 on it sends
    // stored ones if the publication says so.
    String generated =
        version >= VERSION_18
            ? " AND a.attgenerated IN ('', 's')"
            : version >= VERSION_12 ? " AND a.attgenerated = ''" : "";
    List<RawColumn> raw = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet r =
            statement.executeQuery(
                "SELECT c.oid::bigint, a.attname, a.atttypid::bigint, a.atttypmod,"
                    + " format_type(a.atttypid, a.atttypmod)"
                    + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " JOIN pg_attribute a ON a.attrelid = c.oid WHERE "
                    + condition
                    + " AND a.attnum > 0 AND NOT a.attisdropped"
                    + generated
                    + " ORDER BY c.oid, a.attnum")) {
      while (r.next()) {
        raw.add(
            new RawColumn(r.getLong(1), r.getString(2), r.getLong(3), r.getInt(4), r.getString(5)));
      }
    }
    types.forgetAlterable();
    types.load(connection, raw.stream().map(RawColumn::typeOid).toList());
    Map<Long, List<Column>> columns = new LinkedHashMap<>();
    for (RawColumn column : raw) {
      columns
          .computeIfAbsent(column.table, oid -> new ArrayList<>())
          .add(new Column(column.name, types.type(column.typeOid), column.typmod, column.typeName));
    }
    return columns;
  }

  private Map<Long, List<Key>> keys(String condition) throws SQLException {
    // INCLUDE columns came with 11.
    String keyPart = version >= VERSION_11 ? " AND k.ord <= i.indnkeyatts" : "";
    Map<Long, Map<Long, Key>> keys = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet r =
            statement.executeQuery(
                "SELECT c.oid::bigint, i.indexrelid::bigint, i.indisprimary, i.indisreplident,"
                    + " i.indimmediate, a.attname, ic.relname"
                    + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " JOIN pg_index i ON i.indrelid = c.oid"
                    + " JOIN pg_class ic ON ic.oid = i.indexrelid"
                    + " CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, ord)"
                    + " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum WHERE "
                    + condition
                    + " AND (i.indisprimary OR i.indisreplident)"
                    + keyPart
                    + " ORDER BY c.oid, i.indexrelid, k.ord")) {
      while (r.next()) {
        boolean primary = r.getBoolean(3);
        boolean identity = r.getBoolean(4);
        boolean immediate = r.getBoolean(5);
        String name = r.getString(7);
        keys.computeIfAbsent(r.getLong(1), oid -> new LinkedHashMap<>())
            .computeIfAbsent(
                r.getLong(2),
                index ->
                    new Key(primary, identity, immediate, new KeyIndex(name, new ArrayList<>())))
            .index
            .columns
            .add(r.getString(6));
      }
    }
    Map<Long, List<Key>> lists = new LinkedHashMap<>();
    keys.forEach((oid, byIndex) -> lists.put(oid, List.copyOf(byIndex.values())));
    return lists;
  }

  private static KeyIndex chooseKey(ReplicaIdentity identity, List<Key> keys) {
    if (identity == ReplicaIdentity.NOTHING) {
      return KeyIndex.NONE;
    }
    for (Key key : keys) {
      if (identity == ReplicaIdentity.INDEX && key.identity) {
        return key.index;
      }
    }
    for (Key key : keys) {
      // A deferrable primary key identifies no row in the WAL; under FULL the WAL has it anyway.
      boolean usable = key.immediate || identity == ReplicaIdentity.FULL;
      if (identity != ReplicaIdentity.INDEX && key.primary && usable) {
        return key.index;
      }
    }
    return KeyIndex.NONE;
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
    return number(
            "SELECT bool_and(relreplident = 'f')::int FROM pg_class WHERE oid = "
                + oid
                + (publishesPartitionRoots()
                    ? " OR oid IN (SELECT relid FROM pg_partition_tree("
                        + oid
                        + "::bigint::oid::regclass))"
                    : ""))
        == 1;
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

  /**
   * A 64-bit transaction id above all that were given out so far. A snapshot's xmax would not do:
   * it is counted from the last transaction that ended.
   */
  public long freshXid() throws SQLException {
    return number("SELECT txid_current()");
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

  /** Whether the server is a standby. */
  public boolean isInRecovery() throws SQLException {
    return number("SELECT pg_is_in_recovery()::int") == 1;
  }

  /** The 64-bit id below which every transaction has ended. */
  public long oldestXid() throws SQLException {
    return number("SELECT txid_snapshot_xmin(txid_current_snapshot())");
  }

  /** Which transactions are visible now. */
  public PgSnapshot currentSnapshot() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet r = statement.executeQuery("SELECT txid_current_snapshot()::text")) {
      r.next();
      return PgSnapshot.parse(r.getString(1));
    }
  }

  /** OIDs of the relations of this database that somebody holds, or waits for, exclusively. */
  public Set<Long> exclusivelyLocked() throws SQLException {
    Set<Long> oids = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet r =
            statement.executeQuery(
                "SELECT relation::bigint FROM pg_locks WHERE mode = 'AccessExclusiveLock'"
                    + " AND database = (SELECT oid FROM pg_database"
                    + " WHERE datname = current_database()) AND relation IS NOT NULL")) {
      while (r.next()) {
        oids.add(r.getLong(1));
      }
    }
    return oids;
  }

  /** Names some sessions that hold tables of users so that others have to wait. */
  public String lockHolders() throws SQLException {
    List<String> holders = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet r =
            statement.executeQuery(
                "SELECT DISTINCT n.nspname || '.' || c.relname || ' by '"
                    + " || coalesce('pid ' || l.pid, 'a prepared transaction')"
                    + " FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
                    + " JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE l.granted AND l.database = (SELECT oid FROM pg_database"
                    + " WHERE datname = current_database())"
                    + " AND c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_'"
                    + " AND l.mode IN ('ShareUpdateExclusiveLock', 'ShareLock',"
                    + " 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock') LIMIT 5")) {
      while (r.next()) {
        holders.add(r.getString(1));
      }
    }
    return holders.isEmpty() ? "none any more" : String.join(", ", holders);
  }

  /** Names the session with the oldest transaction id. */
  public String oldestTransaction() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet r =
            statement.executeQuery(
                "SELECT 'pid ' || pid || ' (' || coalesce(state, 'unknown') || ')'"
                    + " FROM pg_stat_activity WHERE backend_xid IS NOT NULL"
                    + " ORDER BY age(backend_xid) DESC LIMIT 1")) {
      return r.next() ? r.getString(1) : "a prepared transaction";
    }
  }

  private long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet r = statement.executeQuery(sql)) {
      r.next();
      return r.getLong(1);
    }
  }

  /** The end of the server's WAL (the replay position on a standby). */
  public long walEnd() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet r =
            statement.executeQuery(
                "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()"
                    + " ELSE pg_current_wal_flush_lsn() END::text")) {
      r.next();
      return Lsn.parse(r.getString(1));
    }
  }

  /**
   * A position above every commit that a statement before has seen (the replay position on a
   * standby). Not all before it may be flushed.
   */
  public long walInsertEnd() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet r =
            statement.executeQuery(
                "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()"
                    + " ELSE pg_current_wal_insert_lsn() END::text")) {
      r.next();
      return Lsn.parse(r.getString(1));
    }
  }

  /**
   * After how many milliseconds an asynchronous commit is flushed at the latest (PostgreSQL manual,
   * "Asynchronous Commit": three times {@code wal_writer_delay}).
   */
  public long flushMillis() throws SQLException {
    if (flushMillis == 0) {
      flushMillis =
          100
              + 3
                  * number(
                      "SELECT setting::bigint FROM pg_settings WHERE name = 'wal_writer_delay'");
    }
    return flushMillis;
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
