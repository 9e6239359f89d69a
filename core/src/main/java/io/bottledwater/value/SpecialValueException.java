package io.bottledwater.value;

/** A valid value that the declared {@link ValueType} cannot hold, such as NaN in a decimal. */
public final class SpecialValueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String what;

  /**
   * @param what the kind of value, for instance {@code "NaN"}; never the row's own data
   */
  public SpecialValueException(String what) {
    super(what);
    this.what = what;
  }

  /** The kind of value. */
  public String what() {
    return what;
  }
}
