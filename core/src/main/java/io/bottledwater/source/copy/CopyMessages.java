package io.bottledwater.source.copy;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyDual;
import org.postgresql.copy.CopyOut;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

/**
 * What a statement makes the server send as CopyData (PostgreSQL manual, "Message Flow", COPY
 * operations), a message at a time. A message lies in the buffer that it was received into and is
 * valid until the next is asked for. One thread only.
 */
public final class CopyMessages implements AutoCloseable {
  private static final String CANCELLED = "57014";
  private static final byte[] NONE = new byte[0];
  private static final long PAUSE_NANOS = 500_000;

  private final Connection connection;
  private final CopyOut copy;
  private final @Nullable CopyDual dual;
  private final @Nullable MessageInput input;
  private byte[] buffer = NONE;
  private int offset;
  private int length;
  private boolean detached;
  private boolean ended;
  private boolean failed;

  private CopyMessages(
      Connection connection, CopyOut copy, @Nullable CopyDual dual, @Nullable MessageInput input) {
    this.connection = connection;
    this.copy = copy;
    this.dual = dual;
    this.input = input;
  }

  /**
   * Starts {@code COPY ... TO STDOUT}.
   *
   * @throws SQLException also when the server refuses the statement
   */
  public static CopyMessages copy(Connection connection, String sql) throws SQLException {
    MessageInput input = DriverSockets.inputOf(connection);
    CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
    return new CopyMessages(connection, copy, null, input);
  }

  /**
   * Starts {@code START_REPLICATION}, on a connection of the streaming replication protocol.
   *
   * @throws SQLException also when the server refuses the statement
   */
  public static CopyMessages replication(Connection connection, String sql) throws SQLException {
    MessageInput input = DriverSockets.inputOf(connection);
    CopyDual dual = connection.unwrap(PGConnection.class).getCopyAPI().copyDual(sql);
    return new CopyMessages(connection, dual, dual, input);
  }

  /**
   * Waits for the next message.
   *
   * @return false at the end
   */
  public boolean next() throws SQLException {
    while (!ended) {
      if (next(-1)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Looks for the next message.
   *
   * @param waitMillis how long, at most; 0 does not wait
   * @return false when there is none, or at the end
   */
  public boolean poll(int waitMillis) throws SQLException {
    return !ended && next(waitMillis);
  }

  /** Whether no more will come. */
  public boolean isEnded() {
    return ended;
  }

  private boolean next(int waitMillis) throws SQLException {
    buffer = NONE;
    if (input == null) {
      return waitMillis < 0 ? take(copy.readFromCopy()) : pollDriver(waitMillis);
    }
    MessageInput.Next next;
    try {
      next = input.next(waitMillis);
    } catch (IOException e) {
      failed = true;
      throw new PSQLException("Reading from the server failed.", PSQLState.CONNECTION_FAILURE, e);
    }
    return switch (next) {
      case DATA -> {
        buffer = input.body();
        offset = input.offset();
        length = input.length();
        detached = input.isDetached();
        yield true;
      }
      // The end of the data, an error, or a notice in between: the driver knows what to do, and may
      // read on to the next message of data.
      case OTHER -> take(copy.readFromCopy(waitMillis < 0)) || pause();
      case END -> take(copy.readFromCopy());
      case NOTHING -> false;
    };
  }

  // A server that says over and over what is no news must not cost a processor.
  private boolean pause() {
    if (!ended) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return false;
  }

  private boolean pollDriver(int waitMillis) throws SQLException {
    long deadlineNanos = System.nanoTime() + waitMillis * 1_000_000L;
    while (!take(copy.readFromCopy(false))) {
      if (ended || System.nanoTime() - deadlineNanos >= 0) {
        return false;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return true;
  }

  private boolean take(byte @Nullable [] message) {
    if (message == null) {
      ended = !copy.isActive();
      return false;
    }
    buffer = message;
    offset = 0;
    length = message.length;
    detached = true;
    return true;
  }

  /** Holds the message. */
  public byte[] buffer() {
    return buffer;
  }

  /** Where in the buffer it begins. */
  public int offset() {
    return offset;
  }

  /** Bytes of it. */
  public int length() {
    return length;
  }

  /** Whether the buffer is not used again, and may be kept. */
  public boolean isDetached() {
    return detached;
  }

  /** Sends a message of replication, at once. */
  public void send(byte[] message) throws SQLException {
    CopyDual open = Objects.requireNonNull(dual);
    open.writeToCopy(message, 0, message.length);
    open.flushCopy();
  }

  /**
   * Has the server break off what it has not sent yet, and passes over the rest: the connection can
   * be used again. One that has failed is left as it is.
   */
  @Override
  public void close() throws SQLException {
    if (ended || failed || !copy.isActive() || connection.isClosed()) {
      return;
    }
    connection.unwrap(PGConnection.class).cancelQuery();
    try {
      while (next()) {
        buffer = NONE;
      }
    } catch (SQLException e) {
      if (!CANCELLED.equals(e.getSQLState())) {
        throw e;
      }
    }
  }
}
