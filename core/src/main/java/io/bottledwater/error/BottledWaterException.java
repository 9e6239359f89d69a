package io.bottledwater.error;

import org.jspecify.annotations.Nullable;

/**
 * A failure with a stable code. The message is one line: what was found, then what to do. It never
 * holds row values or secrets, and never another exception's text taken over unseen. A subclass
 * adds what its catchers need.
 */
public class BottledWaterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String found;
  private final String advice;

  public BottledWaterException(ErrorCode code, String found) {
    this(code, found, code.advice(), null);
  }

  public BottledWaterException(ErrorCode code, String found, @Nullable Throwable cause) {
    this(code, found, code.advice(), cause);
  }

  /**
   * @param found what was found, naming the object at fault
   * @param advice what to do about it, more exact than the code's own advice
   */
  public BottledWaterException(
      ErrorCode code, String found, String advice, @Nullable Throwable cause) {
    super(code.id() + ": " + found + " " + advice, cause);
    this.code = code;
    this.found = found;
    this.advice = advice;
  }

  public ErrorCode code() {
    return code;
  }

  public String found() {
    return found;
  }

  public String advice() {
    return advice;
  }
}
