package io.bottledwater.source.plugin.pgoutput;

import io.bottledwater.postgres.Relation;
import io.bottledwater.postgres.ReplicaIdentity;

/** Completes what a Relation message says with what only the catalog knows. */
public interface RelationResolver {
  /**
   * @param typeOids type of each column; {@code typmods} and {@code identityColumns} run alongside
   * @param identityColumns whether the column is part of the replica identity
   */
  Relation resolve(
      long oid,
      String schema,
      String name,
      ReplicaIdentity identity,
      String[] columns,
      long[] typeOids,
      int[] typmods,
      boolean[] identityColumns);
}
