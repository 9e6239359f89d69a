package io.bottledwater.encode.protobuf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Numbers from {@code first} to {@code last}, both included. */
record NumberRange(int first, int last) {
  static NumberRange of(int number) {
    return new NumberRange(number, number);
  }

  static boolean contains(List<NumberRange> ranges, int number) {
    for (NumberRange range : ranges) {
      if (range.first <= number && number <= range.last) {
        return true;
      }
    }
    return false;
  }

  /** The same numbers in as few ranges as hold them, in order. */
  static List<NumberRange> joined(List<NumberRange> ranges) {
    List<NumberRange> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparingInt(NumberRange::first));
    List<NumberRange> joined = new ArrayList<>();
    for (NumberRange range : sorted) {
      int end = joined.size() - 1;
      if (end >= 0 && range.first <= (long) joined.get(end).last + 1) {
        NumberRange before = joined.get(end);
        joined.set(end, new NumberRange(before.first, Math.max(before.last, range.last)));
      } else {
        joined.add(range);
      }
    }
    return joined;
  }
}
