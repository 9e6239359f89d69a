package io.bottledwater.source.catalog;

import io.bottledwater.postgres.Column;
import io.bottledwater.postgres.Relation;
import io.bottledwater.postgres.ReplicaIdentity;
import io.bottledwater.source.plugin.pgoutput.RelationResolver;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Completes relations from the catalog: types by OID, key columns in index order. The stream is
 * older than the catalog; where the two differ, the stream's own columns are believed.
 *
 * <p>One thread only.
 */
public final class CatalogRelationResolver implements RelationResolver {
  private final Catalog catalog;
  private final String address;

  public CatalogRelationResolver(Catalog catalog, String address) {
    this.catalog = catalog;
    this.address = address;
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
      List<Column> resolved = catalog.columns(columns, typeOids, typmods);
      Catalog.KeyIndex index = catalog.keyIndex(oid, identity);
      List<Integer> key = key(index.columns(), identity, columns, identityColumns);
      return new Relation(
          oid, schema, name, identity, resolved, key, key.isEmpty() ? "" : index.name());
    } catch (SQLException e) {
      throw PostgresErrors.translate(e, "reading the catalog of " + schema + "." + name, address);
    }
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
    return key.isEmpty() && identity != ReplicaIdentity.FULL ? flagged(identityColumns) : key;
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
