package io.bottledwater.record;

/** What made a record; its letter is the header {@code bw.op}. */
public enum Operation {
  READ("r"),
  CREATE("c"),
  UPDATE("u"),
  DELETE("d"),
  TRUNCATE("t"),
  MESSAGE("m");

  private final String letter;

  Operation(String letter) {
    this.letter = letter;
  }

  public String letter() {
    return letter;
  }
}
