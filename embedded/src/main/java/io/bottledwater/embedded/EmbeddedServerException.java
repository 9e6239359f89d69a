package io.bottledwater.embedded;

import org.jspecify.annotations.Nullable;

/**
 * An embedded server could not be started, stopped or kept running. The message is one line: what
 * was found, then what to do. It names log files and never quotes them.
 */
public final class EmbeddedServerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What kind of mend is called for. */
  public enum Reason {
    /** The address to listen on is taken or not this machine's. */
    LISTENER,
    /** The data directory is in use, not accessible, or another version's. */
    DATA_DIRECTORY,
    /** The server's program files are missing or cannot be unpacked. */
    BINARIES,
    /** The server ended, or did not become ready in time, while it was starting. */
    START,
    /** The server did not end in time. */
    STOP,
    /** A running server met an error that it cannot go on from. */
    FAULT
  }

  private final Reason reason;

  public EmbeddedServerException(Reason reason, String message) {
    this(reason, message, null);
  }

  public EmbeddedServerException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
