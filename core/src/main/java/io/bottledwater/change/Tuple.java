package io.bottledwater.change;

/**
 * A borrowed view of one row: where each field lies in the source's buffer. Valid inside the
 * callback that hands it over, and only there; the next row overwrites it. One thread only.
 */
public final class Tuple {
  public static final byte NULL = 0;

  /** A TOASTed value that the change left as it was and that the WAL therefore does not hold. */
  public static final byte UNCHANGED = 1;

  /** The output function's text. */
  public static final byte TEXT = 2;

  /** The send function's bytes. */
  public static final byte BINARY = 3;

  private byte[] buffer = new byte[0];
  private byte[] kinds = new byte[16];
  private int[] offsets = new int[16];
  private int[] lengths = new int[16];
  private int size;
  private boolean complete = true;

  /** Starts a new row of {@code size} fields that lie in {@code buffer}; all are null at first. */
  public void begin(byte[] buffer, int size) {
    if (size > kinds.length) {
      int capacity = Math.max(size, kinds.length * 2);
      kinds = new byte[capacity];
      offsets = new int[capacity];
      lengths = new int[capacity];
    }
    this.buffer = buffer;
    this.size = size;
    this.complete = true;
    java.util.Arrays.fill(kinds, 0, size, NULL);
  }

  /** Places a field that has bytes. */
  public void set(int index, byte kind, int offset, int length) {
    kinds[index] = kind;
    offsets[index] = offset;
    lengths[index] = length;
  }

  /** Marks a field as unchanged TOAST. */
  public void setUnchanged(int index) {
    kinds[index] = UNCHANGED;
    complete = false;
  }

  /** Whether no field has been marked as unchanged TOAST since {@link #begin}. */
  public boolean isComplete() {
    return complete;
  }

  public int size() {
    return size;
  }

  public byte[] buffer() {
    return buffer;
  }

  public byte kind(int index) {
    return kinds[index];
  }

  public int offset(int index) {
    return offsets[index];
  }

  public int length(int index) {
    return lengths[index];
  }
}
