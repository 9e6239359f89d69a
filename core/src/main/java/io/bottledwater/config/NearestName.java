package io.bottledwater.config;

import java.util.Collection;
import java.util.Optional;

/** Finds the name that a mistyped one was probably meant to be. */
public final class NearestName {
  private NearestName() {}

  /**
   * The name with the fewest insertions, deletions, replacements and swaps of neighbours from
   * {@code given}; none when even that is too far to be a slip of the finger.
   */
  public static Optional<String> of(String given, Collection<String> names) {
    String typed = given.length() > 100 ? given.substring(0, 100) : given;
    int bound = Math.max(1, Math.min(3, typed.length() / 3));
    String nearest = null;
    int least = bound + 1;
    for (String name : names) {
      int distance = distance(typed, name);
      if (distance < least) {
        least = distance;
        nearest = name;
      }
    }
    return Optional.ofNullable(nearest);
  }

  /** A sentence that suggests the nearest name, or the given one when nothing is near. */
  public static String suggestion(
      String given, Collection<String> names, String prefix, String otherwise) {
    return of(given, names).map(name -> "Did you mean " + prefix + name + "?").orElse(otherwise);
  }

  /** Optimal string alignment distance. */
  static int distance(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(row[j - 1], last[j]));
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
    }
    return last[b.length()];
  }
}
