package io.bottledwater.encode;

import io.bottledwater.bytes.ByteSlice;
import io.bottledwater.value.ValueWriter;

/**
 * Writes rows of one shape. Use: {@link #begin()}, then for each field in the shape's order {@link
 * #field(int)} and one {@code write...}, then {@link #finish()}. One thread only; memory is reused
 * from row to row.
 */
public interface RowWriter extends ValueWriter {
  void begin();

  /**
   * @return the row's bytes, a copy that the caller owns
   */
  byte[] finish();

  /**
   * Ends the row as {@link #finish()} does, without copying it where that can be helped.
   *
   * @return the row's bytes, valid until the next {@link #begin()}
   */
  default ByteSlice lend() {
    return ByteSlice.of(finish());
  }
}
