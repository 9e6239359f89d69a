package io.bottledwater.source.plugin.pgoutput;

import io.bottledwater.postgres.Relation;
import org.jspecify.annotations.Nullable;

/** Relations by OID without boxing: open addressing, at most half full. */
final class RelationTable {
  private int[] oids = new int[64];
  private @Nullable Relation[] relations = new @Nullable Relation[64];
  private int size;

  @Nullable Relation get(int oid) {
    int mask = oids.length - 1;
    for (int i = slot(oid, mask); ; i = (i + 1) & mask) {
      Relation relation = relations[i];
      if (relation == null || oids[i] == oid) {
        return relation;
      }
    }
  }

  void put(int oid, Relation relation) {
    if (size * 2 >= oids.length) {
      grow();
    }
    insert(oid, relation);
  }

  private void insert(int oid, Relation relation) {
    int mask = oids.length - 1;
    int i = slot(oid, mask);
    while (relations[i] != null && oids[i] != oid) {
      i = (i + 1) & mask;
    }
    if (relations[i] == null) {
      size++;
    }
    oids[i] = oid;
    relations[i] = relation;
  }

  private void grow() {
    int[] oldOids = oids;
    @Nullable Relation[] oldRelations = relations;
    oids = new int[oldOids.length * 2];
    relations = new @Nullable Relation[oldOids.length * 2];
    size = 0;
    for (int i = 0; i < oldOids.length; i++) {
      Relation relation = oldRelations[i];
      if (relation != null) {
        insert(oldOids[i], relation);
      }
    }
  }

  private static int slot(int oid, int mask) {
    return (oid * 0x9E3779B9 >>> 7) & mask;
  }
}
