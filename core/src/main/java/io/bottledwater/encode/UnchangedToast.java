package io.bottledwater.encode;

import io.bottledwater.change.Transaction;
import io.bottledwater.change.Tuple;
import io.bottledwater.postgres.Relation;
import org.jspecify.annotations.Nullable;

/** Finds values that an update left out of the WAL because it did not touch them. */
public interface UnchangedToast {
  /**
   * Finds the missing values of a row, as they were at this change.
   *
   * @param old the old key, when it changed, or null
   * @param row the new row, some of whose fields are {@link Tuple#UNCHANGED}
   * @param found is filled with the missing fields, as text or in binary
   * @return false when they can no longer be had; then a later change of the row follows, which
   *     replaces this one's record
   */
  boolean fetch(
      Relation relation, @Nullable Tuple old, Tuple row, Transaction transaction, Tuple found);
}
