package io.bottledwater.encode;

import io.bottledwater.bytes.ByteSlice;
import io.bottledwater.change.Transaction;
import io.bottledwater.change.Tuple;
import io.bottledwater.record.Operation;
import org.jspecify.annotations.Nullable;

/**
 * How the changes of one relation become keys and values. Made when the relation is planned, so
 * that nothing has to be decided for each row. One thread only.
 */
public interface Envelope {
  /** Whether records have keys. */
  boolean isKeyed();

  /** The key's bytes, or null when the relation is unkeyed. */
  byte @Nullable [] key(Tuple row, Transaction origin);

  /**
   * The value's bytes, or null where the key alone says all. They are valid until the next value is
   * asked for.
   *
   * @param before the old row or the old key, as far as it is known
   * @param after the new row; null after a delete
   * @param toast holds the fields that are unchanged TOAST in {@code after}, or null
   */
  @Nullable ByteSlice value(
      Operation operation,
      @Nullable Tuple before,
      @Nullable Tuple after,
      @Nullable Tuple toast,
      Transaction origin);

  /** What the row's record is under its new key, after the delete of the old one. */
  Operation moved();
}
