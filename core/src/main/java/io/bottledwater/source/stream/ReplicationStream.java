package io.bottledwater.source.stream;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.source.catalog.PostgresConnector;
import io.bottledwater.source.catalog.PostgresErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The stream of a replication slot, read by a thread of its own. While the reader of the batches is
 * busy or blocked, that thread goes on answering the server's keepalives, so a slow sink never
 * costs the connection.
 */
public final class ReplicationStream implements MessageSource {
  private static final int BATCH_MESSAGES = 1024;
  private static final long BATCH_BYTES = 256 * 1024;
  private static final long BUSY_NANOS = 500_000;
  private static final long GATHER_NANOS = 300_000;
  private static final int LOOK_MESSAGES = 16;

  // From so many messages a second on they are gathered for longer: handing over a few at a time
  // would cost more than all else.
  private static final long BUSY_MESSAGES_A_MILLI = 25;
  private static final long BUSY_GATHER_NANOS = 1_000_000;

  private final Connection connection;
  private final WalMessages messages;
  private final String address;
  private final MessageQueue queue;
  private final MessageMemory memory = new MessageMemory();
  private final Thread reader;
  private volatile boolean closed;

  private ReplicationStream(
      Connection connection, WalMessages messages, String address, long queueBytes) {
    this.connection = connection;
    this.messages = messages;
    this.address = address;
    this.queue = new MessageQueue(queueBytes);
    this.reader = new Thread(this::read, "bw-replication-reader");
    this.reader.setDaemon(true);
  }

  /**
   * Starts streaming.
   *
   * @param startLsn first position that matters; the server starts at the slot's confirmed position
   *     when that is later
   * @param flushLsn what may be confirmed, asked again and again
   * @param queueBytes how much may be read ahead
   * @throws BottledWaterException {@code BW-SLOT-IN-USE} when another connection reads the slot
   */
  public static ReplicationStream start(
      PostgresConnector connector,
      String slot,
      PluginOptions options,
      long startLsn,
      LongSupplier flushLsn,
      long queueBytes) {
    Connection connection = connector.openReplication();
    try {
      WalMessages messages = WalMessages.start(connection, slot, options, startLsn, flushLsn);
      ReplicationStream result =
          new ReplicationStream(connection, messages, connector.address(), queueBytes);
      result.reader.start();
      return result;
    } catch (SQLException e) {
      closeQuietly(connection);
      throw PostgresErrors.translate(
          e, "starting replication from slot " + slot, connector.address());
    }
  }

  @Override
  public @Nullable MessageBatch poll(long waitMillis) throws InterruptedException {
    return queue.poll(waitMillis);
  }

  @Override
  public boolean isDrained() {
    return queue.isEmpty();
  }

  @Override
  public boolean isEnded() {
    return false;
  }

  private void read() {
    long reportedPosition = Lsn.INVALID;
    boolean first = true;
    boolean busy = false;
    long handedNanos = System.nanoTime();
    try {
      while (!closed && !messages.isEnded()) {
        MessageBatch batch = memory.take();
        if (first) {
          batch.startSession();
        }
        fill(batch, busy);
        long position = messages.position();
        if (batch.size() > 0 || position != reportedPosition) {
          batch.serverPosition(position);
          reportedPosition = position;
          first = false;
          long now = System.nanoTime();
          busy = batch.size() * 1_000_000L > BUSY_MESSAGES_A_MILLI * (now - handedNanos);
          handedNanos = now;
          hand(batch);
        } else {
          batch.release();
        }
        messages.confirmInTime();
      }
      queue.fail(
          new BottledWaterException(ErrorCode.POSTGRES_UNREACHABLE, "The stream was closed."));
    } catch (SQLException e) {
      queue.fail(PostgresErrors.translate(e, "reading the replication stream", address));
    } catch (InterruptedException e) {
      queue.fail(
          new BottledWaterException(ErrorCode.POSTGRES_UNREACHABLE, "The stream was closed.", e));
    } catch (BottledWaterException e) {
      queue.fail(e);
    } catch (RuntimeException e) {
      queue.fail(new BottledWaterException(ErrorCode.BUG, "The replication reader failed.", e));
    } catch (OutOfMemoryError e) {
      queue.fail(
          new BottledWaterException(
              ErrorCode.MEMORY, "A message of the stream does not fit into memory.", e));
    }
  }

  // Waits for the first message only. One by one they cost the server's sending process and this
  // thread more than all else, so while there is enough to do they are left to gather.
  private void fill(MessageBatch batch, boolean busy) throws SQLException {
    if (!messages.poll(messages.millisToConfirmation())) {
      return;
    }
    long untilNanos = System.nanoTime() + (busy ? BUSY_GATHER_NANOS : GATHER_NANOS);
    do {
      batch.add(
          messages.buffer(),
          messages.offset(),
          messages.length(),
          messages.isDetached(),
          messages.position());
      if (batch.size() >= BATCH_MESSAGES || batch.bytes() >= BATCH_BYTES) {
        return;
      }
      // Messages that come as fast as they are read never leave a moment without one.
      if (batch.size() % LOOK_MESSAGES == 0 && isOver(untilNanos) && queue.isEmpty()) {
        return;
      }
    } while (messages.poll(0) || waitForMore(busy, untilNanos));
  }

  private static boolean isOver(long nanos) {
    return System.nanoTime() - nanos > 0;
  }

  private boolean waitForMore(boolean busy, long untilNanos) throws SQLException {
    while (!closed && !messages.isEnded() && (!queue.isEmpty() || (busy && !isOver(untilNanos)))) {
      LockSupport.parkNanos(BUSY_NANOS);
      messages.confirmInTime();
      if (messages.poll(0)) {
        return true;
      }
    }
    return false;
  }

  private void hand(MessageBatch batch) throws InterruptedException, SQLException {
    while (!closed && !queue.offer(batch, WalMessages.STATUS_MILLIS)) {
      messages.confirm();
    }
  }

  @Override
  public void close() {
    closed = true;
    closeQuietly(connection);
    reader.interrupt();
    try {
      reader.join(5000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      org.slf4j.LoggerFactory.getLogger(ReplicationStream.class)
          .debug("closing the replication connection failed");
    }
  }
}
