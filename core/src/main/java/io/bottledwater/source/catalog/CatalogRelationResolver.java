package io.bottledwater.source.catalog;

import io.bottledwater.postgres.Column;
import io.bottledwater.postgres.Relation;
import io.bottledwater.postgres.ReplicaIdentity;
import io.bottledwater.source.plugin.pgoutput.RelationResolver;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Completes relations from the catalog: types by OID, key columns in index order. The stream is
 * older than the catalog; where the two differ, the stream's own columns are believed.
 *
 * <p>One thread only.
 */
public final class CatalogRelationResolver implements RelationResolver {
  private final Catalog catalog;
  private final String address;
  private final Set<Long> resolved = new HashSet<>();
  private final Map<Long, KeyCatalog.Keys> readAhead = new HashMap<>();

  public CatalogRelationResolver(Catalog catalog, String address) {
    this.catalog = catalog;
    this.address = address;
  }

  /**
   * From here on the server describes every relation again. The keys of those that are known are
   * read with one query instead of one each.
   */
  public void newSession() {
    if (resolved.isEmpty()) {
      return;
    }
    try {
      readAhead.clear();
      readAhead.putAll(catalog.keys().keys(resolved));
    } catch (SQLException e) {
      throw PostgresErrors.translate(e, "reading the catalog", address);
    }
  }

  @Override
  public Relation resolve(
      long oid,
      String schema,
      String name,
      ReplicaIdentity identity,
      String[] columns,
      long[] typeOids,
      int[] typmods,
      boolean[] identityColumns) {
    try {
      List<Column> completed = catalog.columns().columns(columns, typeOids, typmods);
      KeyCatalog.KeyIndex index = keysOf(oid).index(identity);
      List<Integer> key = key(index.columns(), identity, columns, identityColumns);
      return new Relation(
          oid, schema, name, identity, completed, key, key.isEmpty() ? "" : index.name());
    } catch (SQLException e) {
      throw PostgresErrors.translate(e, "reading the catalog of " + schema + "." + name, address);
    }
  }

  // What was read ahead serves once: described twice in a session, a relation has changed.
  private KeyCatalog.Keys keysOf(long oid) throws SQLException {
    resolved.add(oid);
    KeyCatalog.Keys known = readAhead.remove(oid);
    return known != null
        ? known
        : Objects.requireNonNull(catalog.keys().keys(Set.of(oid)).get(oid));
  }

  private static List<Integer> key(
      List<String> catalogKey,
      ReplicaIdentity identity,
      String[] columns,
      boolean[] identityColumns) {
    List<Integer> key = new ArrayList<>();
    for (String name : catalogKey) {
      int index = List.of(columns).indexOf(name);
      // Only columns that the WAL carries for old rows can serve as key.
      if (index < 0 || !identityColumns[index]) {
        return identity == ReplicaIdentity.FULL ? List.of() : flagged(identityColumns);
      }
      key.add(index);
    }
    // A key that has lost a column since then is another one.
    boolean whole = identity == ReplicaIdentity.FULL || key.containsAll(flagged(identityColumns));
    return whole ? key : flagged(identityColumns);
  }

  private static List<Integer> flagged(boolean[] identityColumns) {
    List<Integer> key = new ArrayList<>();
    for (int i = 0; i < identityColumns.length; i++) {
      if (identityColumns[i]) {
        key.add(i);
      }
    }
    return key;
  }
}
