package io.bottledwater.error;

/** The process's exit codes. */
public final class ExitCode {
  public static final int OK = 0;

  /** Bad usage or configuration. */
  public static final int USAGE = 2;

  /** Going on would lose or corrupt data, or a precondition is missing. */
  public static final int REFUSED = 3;

  /** An external system stayed unreachable after all retries. */
  public static final int GAVE_UP = 4;

  /** A bug in Bottled Water. */
  public static final int BUG = 70;

  private ExitCode() {}
}
