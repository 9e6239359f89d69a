package io.bottledwater.pump;

import io.bottledwater.change.Tuple;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Some of a row's values, copied: those that a change left out. One thread. */
final class RowValues {
  private static final int OVERHEAD_BYTES = 64;
  private static final int FIELD_BYTES = 16;

  private final byte[] @Nullable [] values;
  private final byte[] kinds;

  RowValues(int size) {
    values = new byte[size][];
    kinds = new byte[size];
  }

  boolean has(int index) {
    return values[index] != null;
  }

  void set(int index, byte kind, byte[] value) {
    values[index] = value;
    kinds[index] = kind;
  }

  /** Takes a field that has bytes. */
  void copy(int index, Tuple row) {
    int offset = row.offset(index);
    set(
        index,
        row.kind(index),
        Arrays.copyOfRange(row.buffer(), offset, offset + row.length(index)));
  }

  void copy(int index, RowValues other) {
    values[index] = other.values[index];
    kinds[index] = other.kinds[index];
  }

  /** Becomes the whole content of a tuple; what is not here is null in it. */
  void fill(Tuple row) {
    int total = 0;
    for (byte[] value : values) {
      total += value == null ? 0 : value.length;
    }
    byte[] buffer = new byte[total];
    row.begin(buffer, values.length);
    int offset = 0;
    for (int i = 0; i < values.length; i++) {
      byte[] value = values[i];
      if (value != null) {
        System.arraycopy(value, 0, buffer, offset, value.length);
        row.set(i, kinds[i], offset, value.length);
        offset += value.length;
      }
    }
  }

  /** Bytes of memory, about. */
  long size() {
    long size = OVERHEAD_BYTES;
    for (byte[] value : values) {
      size += FIELD_BYTES + (value == null ? 0 : value.length);
    }
    return size;
  }
}
