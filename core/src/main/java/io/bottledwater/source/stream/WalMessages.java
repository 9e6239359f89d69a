package io.bottledwater.source.stream;

import io.bottledwater.bytes.BigEndian;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.postgres.Identifiers;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.source.copy.CopyMessages;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;

/**
 * The walsender's side of a replication slot (PostgreSQL manual, "Streaming Replication Protocol"):
 * takes the plugin's messages out of what it sends, answers keepalives, and confirms what {@code
 * flushLsn} says and nothing else. The server would take a position that it has merely sent for one
 * that is safe, and rows would be lost.
 *
 * <pre>
 * XLogData   'w' start:int64 end:int64 clock:int64 message
 * keepalive  'k' end:int64 clock:int64 reply-now:int8
 * status     'r' written:int64 flushed:int64 applied:int64 clock:int64 reply-now:int8
 * </pre>
 *
 * <p>One thread only.
 */
final class WalMessages {
  /** How often the server hears what is confirmed, at least. */
  static final long STATUS_MILLIS = 1000;

  private static final int DATA_HEADER_BYTES = 1 + 3 * Long.BYTES;
  private static final int KEEPALIVE_BYTES = 1 + 2 * Long.BYTES + 1;
  private static final int STATUS_BYTES = 1 + 4 * Long.BYTES + 1;
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private final CopyMessages messages;
  private final LongSupplier flushLsn;
  private long position;
  private long confirmedNanos;

  private WalMessages(CopyMessages messages, long startLsn, LongSupplier flushLsn) {
    this.messages = messages;
    this.position = startLsn;
    this.flushLsn = flushLsn;
  }

  /**
   * @param connection of the replication protocol; whoever has opened it closes it
   * @param startLsn first position that matters
   * @param flushLsn what may be confirmed, asked again and again
   */
  static WalMessages start(
      Connection connection,
      String slot,
      PluginOptions options,
      long startLsn,
      LongSupplier flushLsn)
      throws SQLException {
    String sql =
        "START_REPLICATION SLOT "
            + Identifiers.quote(slot)
            + " LOGICAL "
            + Lsn.format(startLsn)
            + " ("
            + options.asOptions()
            + ")";
    WalMessages result =
        new WalMessages(CopyMessages.replication(connection, sql), startLsn, flushLsn);
    result.confirm();
    return result;
  }

  /**
   * Looks for the plugin's next message. Looks at one message of the server, which may be a
   * keepalive.
   *
   * @param waitMillis how long, at most; 0 does not wait
   * @return false when there was none
   */
  boolean poll(long waitMillis) throws SQLException {
    if (!messages.poll((int) waitMillis)) {
      return false;
    }
    byte[] buffer = messages.buffer();
    int at = messages.offset();
    int length = messages.length();
    if (length >= DATA_HEADER_BYTES && buffer[at] == 'w') {
      position = BigEndian.int64(buffer, at + 1);
      return true;
    }
    if (length >= KEEPALIVE_BYTES && buffer[at] == 'k') {
      position = Lsn.max(position, BigEndian.int64(buffer, at + 1));
      if (buffer[at + KEEPALIVE_BYTES - 1] != 0) {
        confirm();
      }
      return false;
    }
    throw new BottledWaterException(
        ErrorCode.WIRE, "The replication stream: a message of " + length + " bytes is malformed.");
  }

  byte[] buffer() {
    return messages.buffer();
  }

  /** Where in the buffer the plugin's message begins. */
  int offset() {
    return messages.offset() + DATA_HEADER_BYTES;
  }

  int length() {
    return messages.length() - DATA_HEADER_BYTES;
  }

  /** Whether the buffer is not used again, and may be kept. */
  boolean isDetached() {
    return messages.isDetached();
  }

  /** Where the last message stands in the WAL, or up to where there has been none for us. */
  long position() {
    return position;
  }

  /** Whether the server has ended the stream. */
  boolean isEnded() {
    return messages.isEnded();
  }

  /** For how long there is nothing to say to the server. */
  long millisToConfirmation() {
    long passedMillis = (System.nanoTime() - confirmedNanos) / 1_000_000;
    return Math.max(1, STATUS_MILLIS - passedMillis);
  }

  /** Says what is confirmed when it is time to. */
  void confirmInTime() throws SQLException {
    if (System.nanoTime() - confirmedNanos >= STATUS_MILLIS * 1_000_000) {
      confirm();
    }
  }

  /** Says what is confirmed, to a server that still listens. */
  void confirm() throws SQLException {
    if (messages.isEnded()) {
      return;
    }
    long flushed = flushLsn.getAsLong();
    ByteBuffer status = ByteBuffer.allocate(STATUS_BYTES);
    status.put((byte) 'r');
    status.putLong(Lsn.max(position, flushed));
    status.putLong(flushed);
    status.putLong(flushed);
    status.putLong(ChronoUnit.MICROS.between(EPOCH, Instant.now()));
    status.put((byte) 0);
    messages.send(status.array());
    confirmedNanos = System.nanoTime();
  }
}
