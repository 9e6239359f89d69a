package io.bottledwater.encode.classic;

import io.bottledwater.bytes.ByteSlice;
import io.bottledwater.change.Transaction;
import io.bottledwater.change.Tuple;
import io.bottledwater.encode.Envelope;
import io.bottledwater.encode.RowWriter;
import io.bottledwater.record.Operation;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import org.jspecify.annotations.Nullable;

/** The rows of a table without columns, which had one field all the same. One thread only. */
final class EmptyRow implements Envelope {
  static final RowShape.Field FIELD =
      new RowShape.Field("dummy", ValueType.Simple.BOOLEAN, true, "");

  private final RowWriter value;

  EmptyRow(RowWriter value) {
    this.value = value;
  }

  @Override
  public boolean isKeyed() {
    return false;
  }

  @Override
  public byte @Nullable [] key(Tuple row, Transaction origin) {
    return null;
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
    value.field(0);
    value.writeBoolean(false);
    return value.lend();
  }

  @Override
  public Operation moved() {
    return Operation.UPDATE;
  }
}
