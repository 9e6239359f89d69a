package io.bottledwater.encode;

import io.bottledwater.change.Transaction;
import io.bottledwater.postgres.Relation;

/** Knows that types are altered while the stream goes on, which the stream itself does not say. */
public interface TypeHistory {
  /**
   * A relation with its types as they were when a transaction of the stream wrote its rows. Asked
   * for each row of a relation that has such types.
   *
   * @return {@code relation} itself unless its types have been altered; else the same object as
   *     long as nothing changes
   */
  Relation asOf(Relation relation, Transaction transaction);
}
