package io.bottledwater.encode.debezium;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.bottledwater.bytes.ByteSlice;
import io.bottledwater.change.Transaction;
import io.bottledwater.change.Tuple;
import io.bottledwater.encode.Envelope;
import io.bottledwater.encode.RowFields;
import io.bottledwater.encode.RowWriter;
import io.bottledwater.record.Operation;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code {before, after, source, transaction, op, ts_ms, ts_us, ts_ns}}. One thread only. Source:
 * Debezium's documentation, "PostgreSQL connector: Data change events".
 */
final class DebeziumEnvelope implements Envelope {
  private static final int BEFORE = 0;
  private static final int AFTER = 1;
  private static final int SOURCE = 2;
  private static final int TRANSACTION = 3;
  private static final int OP = 4;
  private static final int TS_MS = 5;
  private static final int TS_US = 6;
  private static final int TS_NS = 7;

  /** By the ordinal of the operation. */
  private static final byte[][] LETTERS = letters();

  /** What {@code provide.transaction.metadata} would fill. */
  private static final ValueType TRANSACTION_BLOCK =
      new ValueType.Annotated(
          new ValueType.Struct(
              "block",
              List.of("event"),
              List.of(
                  new RowShape.Field("id", ValueType.Simple.STRING, true, ""),
                  new RowShape.Field("total_order", ValueType.Simple.LONG, true, ""),
                  new RowShape.Field("data_collection_order", ValueType.Simple.LONG, true, ""))),
          Map.of("connect.version", 1));

  private final RowFields row;
  private final @Nullable RowWriter key;
  private final RowWriter out;
  private final SourceBlock source;

  DebeziumEnvelope(RowFields row, @Nullable RowWriter key, RowWriter out, SourceBlock source) {
    this.row = row;
    this.key = key;
    this.out = out;
    this.source = source;
  }

  static List<RowShape.Field> fields(ValueType value) {
    return List.of(
        new RowShape.Field("before", value, false, ""),
        new RowShape.Field("after", value, false, ""),
        new RowShape.Field("source", SourceBlock.TYPE, true, ""),
        new RowShape.Field("transaction", TRANSACTION_BLOCK, false, ""),
        new RowShape.Field("op", ValueType.Simple.STRING, true, ""),
        new RowShape.Field("ts_ms", ValueType.Simple.LONG, false, ""),
        new RowShape.Field("ts_us", ValueType.Simple.LONG, false, ""),
        new RowShape.Field("ts_ns", ValueType.Simple.LONG, false, ""));
  }

  private static byte[][] letters() {
    Operation[] operations = Operation.values();
    byte[][] letters = new byte[operations.length][];
    for (Operation operation : operations) {
      letters[operation.ordinal()] = operation.letter().getBytes(US_ASCII);
    }
    return letters;
  }

  @Override
  public boolean isKeyed() {
    return key != null;
  }

  @Override
  public byte @Nullable [] key(Tuple tuple, Transaction origin) {
    if (key == null) {
      return null;
    }
    key.begin();
    row.writeKey(key, tuple, origin.commitLsn());
    return key.finish();
  }

  @Override
  public ByteSlice value(
      Operation operation,
      @Nullable Tuple before,
      @Nullable Tuple after,
      @Nullable Tuple toast,
      Transaction origin) {
    long nowMillis = System.currentTimeMillis();
    out.begin();
    out.field(BEFORE);
    write(before, null, origin);
    out.field(AFTER);
    write(after, toast, origin);
    out.field(SOURCE);
    source.write(out, operation == Operation.READ, origin);
    out.field(TRANSACTION);
    out.writeNull();
    out.field(OP);
    byte[] letter = LETTERS[operation.ordinal()];
    out.writeString(letter, 0, letter.length);
    out.field(TS_MS);
    out.writeLong(nowMillis);
    out.field(TS_US);
    out.writeLong(nowMillis * 1000);
    out.field(TS_NS);
    out.writeLong(nowMillis * 1_000_000);
    return out.lend();
  }

  private void write(@Nullable Tuple tuple, @Nullable Tuple toast, Transaction origin) {
    if (tuple == null) {
      out.writeNull();
      return;
    }
    out.beginStruct();
    row.writeValue(out, tuple, toast, origin.commitLsn());
    out.endStruct();
  }

  @Override
  public Operation moved() {
    return Operation.CREATE;
  }
}
