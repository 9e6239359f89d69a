package io.bottledwater.pump;

import java.util.Arrays;

/** A queue of longs that can be looked into; where it is searched they rise. One thread only. */
final class NumberQueue {
  private long[] numbers = new long[4];
  private int head;
  private int tail;

  void add(long number) {
    if (tail == numbers.length) {
      int size = size();
      long[] target = size > numbers.length / 2 ? new long[numbers.length * 2] : numbers;
      System.arraycopy(numbers, head, target, 0, size);
      numbers = target;
      head = 0;
      tail = size;
    }
    numbers[tail++] = number;
  }

  int size() {
    return tail - head;
  }

  boolean isEmpty() {
    return head == tail;
  }

  long get(int index) {
    return numbers[head + index];
  }

  long remove() {
    return numbers[head++];
  }

  /** Index of the first that is above {@code number}; the size when none is. */
  int indexAbove(long number) {
    int found = Arrays.binarySearch(numbers, head, tail, number);
    return (found >= 0 ? found + 1 : -found - 1) - head;
  }

  /** The first above {@code number}, or -1. */
  long firstAbove(long number) {
    int index = indexAbove(number);
    return index == size() ? -1 : get(index);
  }

  /** The last below {@code number}, or -1. */
  long lastBelow(long number) {
    int index = indexAbove(number - 1);
    return index == 0 ? -1 : get(index - 1);
  }
}
