package io.bottledwater.config;

/**
 * A value that an option does not take. It knows neither the option's origin nor whether the value
 * may be shown; {@link ParsedOptions#refusal} adds both.
 */
public final class OptionValueException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String why;
  private final String advice;

  /**
   * @param why what is wrong, a sentence without full stop that holds no secret
   * @param advice what to write instead, a whole sentence
   */
  public OptionValueException(String why, String advice) {
    super(why + ". " + advice);
    this.why = why;
    this.advice = advice;
  }

  public String why() {
    return why;
  }

  public String advice() {
    return advice;
  }
}
