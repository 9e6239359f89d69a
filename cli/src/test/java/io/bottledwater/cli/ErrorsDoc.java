package io.bottledwater.cli;

import io.bottledwater.error.ErrorCode;

/** The page of error codes, from the closed list. */
final class ErrorsDoc {
  private ErrorsDoc() {}

  static String page() {
    StringBuilder text = new StringBuilder();
    text.append("# Error codes\n\n");
    text.append("When Bottled Water stops on its own account, the last line on standard error\n");
    text.append("begins with one of these codes. They are stable: scripts and alert rules may\n");
    text.append("match on them. The exit code says what kind of end it was:\n\n");
    text.append("| exit code | meaning |\n|---|---|\n");
    text.append("| 0 | done, or stopped cleanly by a signal |\n");
    text.append("| 2 | bad usage or configuration |\n");
    text.append("| 3 | refused: going on would lose or corrupt data, or something is missing |\n");
    text.append("| 4 | gave up on an external system after its retries |\n");
    text.append("| 70 | a bug: please report the stack trace |\n");
    for (ErrorCode code : ErrorCode.values()) {
      text.append("\n## ").append(code.id()).append("\n\n");
      text.append(code.meaning()).append("\n\n");
      text.append("- Exit code: ").append(code.exitCode()).append('\n');
      text.append("- What to do: ").append(code.advice()).append('\n');
    }
    return text.toString();
  }
}
