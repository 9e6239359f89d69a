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
   * Ends the row.
   *
   * @return its bytes, valid until the next {@link #begin()}
   */
  ByteSlice lend();

  /**
   * Ends the row.
   *
   * @return its bytes, a copy that the caller owns
   */
  default byte[] finish() {
    return lend().toByteArray();
  }
}
