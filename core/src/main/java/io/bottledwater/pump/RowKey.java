package io.bottledwater.pump;

import io.bottledwater.change.Tuple;
import io.bottledwater.postgres.Relation;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The key of a row: its columns' bytes as they came, in text or binary. Keys compare within one
 * session, in which a column always comes in the same form. Immutable.
 */
final class RowKey {
  private final byte[][] fields;
  private final boolean[] binary;

  private RowKey(byte[][] fields, boolean[] binary) {
    this.fields = fields;
    this.binary = binary;
  }

  /**
   * @param other has the key's fields that {@code row} leaves out as unchanged, or null
   * @return null when the tuples do not hold the whole key
   */
  static @Nullable RowKey of(Relation relation, Tuple row, @Nullable Tuple other) {
    List<Integer> columns = relation.keyColumns();
    byte[][] fields = new byte[columns.size()][];
    boolean[] binary = new boolean[fields.length];
    for (int i = 0; i < fields.length; i++) {
      int column = columns.get(i);
      Tuple source = row.kind(column) == Tuple.UNCHANGED && other != null ? other : row;
      if (source.kind(column) < Tuple.TEXT) {
        return null;
      }
      binary[i] = source.kind(column) == Tuple.BINARY;
      int offset = source.offset(column);
      fields[i] = Arrays.copyOfRange(source.buffer(), offset, offset + source.length(column));
    }
    return fields.length == 0 ? null : new RowKey(fields, binary);
  }

  byte[] field(int index) {
    return fields[index];
  }

  boolean isBinary(int index) {
    return binary[index];
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof RowKey other && Arrays.deepEquals(fields, other.fields);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(fields);
  }
}
