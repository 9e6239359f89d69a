package io.bottledwater.kafka.producer;

import java.util.ArrayDeque;

/**
 * The arrays of batches: how much of them is in use, and those of the full size that can be used
 * again. One thread.
 */
final class BatchMemory {
  private static final int SMALLEST = 4096;

  private final int fullSize;
  private final long limit;
  private final ArrayDeque<byte[]> free = new ArrayDeque<>();
  private long used;

  /**
   * @param fullSize bytes of a full batch
   * @param limit bytes that may be in use
   */
  BatchMemory(int fullSize, long limit) {
    this.fullSize = fullSize;
    this.limit = limit;
  }

  /** Whether so much more can be had. One batch can always be had, however large. */
  boolean hasRoom(int bytes) {
    return used == 0 || used + bytes <= limit;
  }

  /** A size for at least {@code needed} bytes and for {@code expected} if that is no waste. */
  int sizeFor(int needed, int expected) {
    if (needed > fullSize) {
      return needed;
    }
    int size = SMALLEST;
    while (size < Math.max(needed, Math.min(expected, fullSize))) {
      size <<= 1;
    }
    return Math.min(size, fullSize);
  }

  byte[] take(int size) {
    used += size;
    byte[] again = size == fullSize ? free.poll() : null;
    return again == null ? new byte[size] : again;
  }

  void giveBack(byte[] array) {
    used -= array.length;
    if (array.length == fullSize && used + free.size() * (long) fullSize <= limit) {
      free.add(array);
    }
  }
}
