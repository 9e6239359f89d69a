package io.bottledwater.type;

/** Counts special values in whose place null was written. One thread only. */
public final class NulledValues {
  private long count;
  private String last = "";

  void add(String what) {
    count++;
    last = what;
  }

  public long count() {
    return count;
  }

  /** What kind of value the last one was, for instance {@code "NaN"}. */
  public String last() {
    return last;
  }
}
