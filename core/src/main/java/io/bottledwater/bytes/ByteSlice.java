package io.bottledwater.bytes;

import java.util.Arrays;

/** The beginning of an array that may belong to somebody else, who says for how long. */
public final class ByteSlice {
  private byte[] array = new byte[0];
  private int length;

  /** Of a whole array. */
  public static ByteSlice of(byte[] array) {
    return new ByteSlice().set(array, array.length);
  }

  /** Looks at other bytes from now on. */
  public ByteSlice set(byte[] array, int length) {
    this.array = array;
    this.length = length;
    return this;
  }

  /** Holds the bytes, and perhaps others behind them. */
  public byte[] array() {
    return array;
  }

  public int length() {
    return length;
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(array, length);
  }
}
