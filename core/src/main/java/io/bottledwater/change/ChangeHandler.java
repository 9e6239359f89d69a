package io.bottledwater.change;

import io.bottledwater.postgres.Relation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where snapshot and stream meet. Calls come from one thread, in commit order, statement order
 * inside a transaction. Tuples are borrowed for the call.
 */
public interface ChangeHandler {
  void onBegin(Transaction transaction);

  /** A row as the snapshot found it. */
  void onRead(Relation relation, Tuple row);

  void onInsert(Relation relation, Tuple row);

  /**
   * @param old the old row (replica identity FULL), the old key (when it changed), or null
   */
  void onUpdate(Relation relation, @Nullable Tuple old, Tuple row);

  /**
   * @param old the old row, or one in which only the key's fields are filled
   */
  void onDelete(Relation relation, Tuple old);

  void onTruncate(List<Relation> relations);

  /** A message that somebody wrote into the WAL; only when the stream was asked for them. */
  default void onMessage(LogicalMessage message) {}

  /** The transaction is complete; {@link Transaction#commitEndLsn()} is known now. */
  void onCommit(Transaction transaction);
}
