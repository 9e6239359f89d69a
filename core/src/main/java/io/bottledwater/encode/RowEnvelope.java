package io.bottledwater.encode;

import io.bottledwater.bytes.ByteSlice;
import io.bottledwater.change.Transaction;
import io.bottledwater.change.Tuple;
import io.bottledwater.record.Operation;
import org.jspecify.annotations.Nullable;

/** No envelope: the value is the row, and a delete has none. One thread only. */
public final class RowEnvelope implements Envelope {
  private final RowFields fields;
  private final @Nullable RowWriter key;
  private final RowWriter value;

  /**
   * @param key of the shape of the key's fields; null when the relation is unkeyed
   * @param value of the shape of the row's fields
   */
  public RowEnvelope(RowFields fields, @Nullable RowWriter key, RowWriter value) {
    this.fields = fields;
    this.key = key;
    this.value = value;
  }

  @Override
  public boolean isKeyed() {
    return key != null;
  }

  @Override
  public byte @Nullable [] key(Tuple row, Transaction origin) {
    if (key == null) {
      return null;
    }
    key.begin();
    fields.writeKey(key, row, origin.commitLsn());
    return key.finish();
  }

  @Override
  public @Nullable ByteSlice value(
      Operation operation,
      @Nullable Tuple before,
      @Nullable Tuple after,
      @Nullable Tuple toast,
      Transaction origin) {
    if (after == null) {
      return null;
    }
    value.begin();
    fields.writeValue(value, after, toast, origin.commitLsn());
    return value.lend();
  }

  @Override
  public Operation moved() {
    return Operation.UPDATE;
  }
}
