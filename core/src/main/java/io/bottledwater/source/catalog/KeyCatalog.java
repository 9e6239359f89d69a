package io.bottledwater.source.catalog;

import io.bottledwater.postgres.ReplicaIdentity;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Which keys tables have, and which of them identifies a row. */
final class KeyCatalog {
  private static final int VERSION_11 = 110000;

  /**
   * A key's index.
   *
   * @param columns in index order, none when there is no key
   */
  record KeyIndex(String name, List<String> columns) {
    static final KeyIndex NONE = new KeyIndex("", List.of());
  }

  private record Key(boolean primary, boolean identity, boolean immediate, KeyIndex index) {}

  /** The keys that a table has. */
  static final class Keys {
    static final Keys NONE = new Keys(List.of());

    private final List<Key> keys;

    private Keys(List<Key> keys) {
      this.keys = keys;
    }

    /**
     * The key's index: the replica identity index, else the primary key; without columns for an
     * unkeyed table and for replica identity NOTHING.
     */
    KeyIndex index(ReplicaIdentity identity) {
      return choose(identity, keys);
    }
  }

  private final Connection connection;
  private final int version;

  KeyCatalog(Connection connection, int version) {
    this.connection = connection;
    this.version = version;
  }

  /** The keys of the tables that have any, by OID; {@code c} is the table, {@code n} its schema. */
  Map<Long, Keys> keys(String condition) throws SQLException {
    Map<Long, Keys> keys = new HashMap<>();
    find(condition).forEach((oid, found) -> keys.put(oid, new Keys(found)));
    return keys;
  }

  /** The keys of each of the tables, by OID. */
  Map<Long, Keys> keys(Set<Long> oids) throws SQLException {
    Map<Long, List<Key>> found =
        find(
            oids.stream()
                .map(oid -> Long.toString(oid))
                .collect(Collectors.joining(", ", "c.oid IN (", ")")));
    Map<Long, Keys> keys = new HashMap<>();
    for (long oid : oids) {
      keys.put(oid, new Keys(found.getOrDefault(oid, List.of())));
    }
    return keys;
  }

  private Map<Long, List<Key>> find(String condition) throws SQLException {
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

  private static KeyIndex choose(ReplicaIdentity identity, List<Key> keys) {
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
}
