package io.bottledwater.platform;

import io.bottledwater.embedded.EmbeddedServerException;
import io.bottledwater.embedded.EmbeddedServerException.Reason;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;

/** Gives the embedded servers' failures their codes. */
public final class ServerErrors {
  private ServerErrors() {}

  /** The same failure with a code; its message is taken over, as it quotes nobody. */
  public static BottledWaterException translate(EmbeddedServerException e) {
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf(". ");
    ErrorCode code = code(e.reason());
    return end < 0
        ? new BottledWaterException(code, message, e)
        : new BottledWaterException(
            code, message.substring(0, end + 1), message.substring(end + 2), e);
  }

  private static ErrorCode code(Reason reason) {
    return switch (reason) {
      case LISTENER -> ErrorCode.LISTENER;
      // What keeps a server from starting or running is its disk or its files, as a rule.
      case DATA_DIRECTORY, BINARIES, START, STOP, FAULT -> ErrorCode.DATA_DIRECTORY;
    };
  }
}
