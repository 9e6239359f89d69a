package io.bottledwater.value;

/** A value's bytes are not of its type's form. The message names form and offset, never bytes. */
public final class MalformedValueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param expected the form that was expected, for instance {@code "int4 text"}
   * @param offset offset inside the value at which it was left
   */
  public MalformedValueException(String expected, int offset) {
    super("not " + expected + " at byte " + offset);
  }
}
