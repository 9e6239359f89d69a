package io.bottledwater.encode;

import io.bottledwater.change.Tuple;
import io.bottledwater.postgres.Relation;

/** Finds values that an update left out of the WAL because it did not touch them. */
public interface UnchangedToast {
  /**
   * Reads the missing values of a row from its table.
   *
   * @param row the new row, some of whose fields are {@link Tuple#UNCHANGED}
   * @param found is filled with the missing fields as text
   * @return false when the row is no longer there under its key
   */
  boolean fetch(Relation relation, Tuple row, Tuple found);
}
