package io.bottledwater.source.catalog;

import io.bottledwater.postgres.Relation;

/**
 * A table that could be exported.
 *
 * @param relation its shape now
 * @param partitioned whether its rows lie in partitions
 * @param readable whether this role may SELECT from it
 * @param owned whether this role is a member of its owner
 */
public record TableInfo(Relation relation, boolean partitioned, boolean readable, boolean owned) {

  /**
   * Whether the server accepts UPDATE and DELETE on the table while a publication publishes them
   * (PostgreSQL manual, "Logical Replication: Publication").
   */
  public boolean hasIdentity() {
    return switch (relation.identity()) {
      case FULL -> true;
      case NOTHING -> false;
      case DEFAULT, INDEX -> relation.isKeyed();
    };
  }
}
