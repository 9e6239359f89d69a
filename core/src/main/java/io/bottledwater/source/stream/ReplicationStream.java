package io.bottledwater.source.stream;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.source.catalog.PostgresConnector;
import io.bottledwater.source.catalog.PostgresErrors;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;
import org.postgresql.replication.fluent.logical.ChainedLogicalStreamBuilder;

/**
 * The stream of a replication slot, read by a thread of its own. While the reader of the batches is
 * busy or blocked, that thread goes on answering the server's keepalives, so a slow sink never
 * costs the connection. It confirms what {@code flushLsn} says and nothing else.
 */
public final class ReplicationStream implements MessageSource {
  private static final int BATCH_MESSAGES = 1024;
  private static final long BATCH_BYTES = 256 * 1024;
  private static final long STATUS_MILLIS = 1000;
  private static final long BUSY_NANOS = 500_000;
  private static final long GATHER_NANOS = 300_000;

  // From so many messages a second on they are gathered for longer: handing over a few at a time
  // would cost more than all else.
  private static final long BUSY_MESSAGES_A_MILLI = 25;
  private static final long BUSY_GATHER_NANOS = 1_000_000;

  private final Connection connection;
  private final PGReplicationStream stream;
  private final LongSupplier flushLsn;
  private final String address;
  private final MessageQueue queue;
  private final MessageMemory memory = new MessageMemory();
  private final Thread reader;
  private volatile boolean closed;

  private ReplicationStream(
      Connection connection,
      PGReplicationStream stream,
      LongSupplier flushLsn,
      String address,
      long queueBytes) {
    this.connection = connection;
    this.stream = stream;
    this.flushLsn = flushLsn;
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
      ChainedLogicalStreamBuilder builder =
          connection.unwrap(PGConnection.class).getReplicationAPI().replicationStream().logical();
      PGReplicationStream stream =
          options
              .addTo(builder)
              .withSlotName(slot)
              .withStartPosition(LogSequenceNumber.valueOf(startLsn))
              .withStatusInterval((int) STATUS_MILLIS, TimeUnit.MILLISECONDS)
              // The driver would otherwise confirm positions on its own: rows would be lost.
              .withAutomaticFlush(false)
              .start();
      LogSequenceNumber start = LogSequenceNumber.valueOf(flushLsn.getAsLong());
      stream.setFlushedLSN(start);
      stream.setAppliedLSN(start);
      ReplicationStream result =
          new ReplicationStream(connection, stream, flushLsn, connector.address(), queueBytes);
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
    long idleSince = 0;
    boolean first = true;
    boolean busy = false;
    long handedNanos = System.nanoTime();
    try {
      while (!closed) {
        MessageBatch batch = memory.take();
        if (first) {
          batch.startSession();
          first = false;
        }
        long begunNanos = System.nanoTime();
        long gatherNanos = busy ? BUSY_GATHER_NANOS : GATHER_NANOS;
        while (batch.size() < BATCH_MESSAGES && batch.bytes() < BATCH_BYTES) {
          ByteBuffer message = stream.readPending();
          if (message != null) {
            batch.add(
                message.array(),
                message.arrayOffset() + message.position(),
                message.remaining(),
                stream.getLastReceiveLSN().asLong());
            // Messages that come as fast as they are read never leave a moment without one.
            if (System.nanoTime() - begunNanos > gatherNanos && queue.isEmpty()) {
              break;
            }
          } else if (batch.size() > 0
              && !closed
              && (!queue.isEmpty() || (busy && System.nanoTime() - begunNanos < gatherNanos))) {
            // The decoder has enough to do. A reader that waits for each message would be woken by
            // each, which costs the server as much as itself.
            LockSupport.parkNanos(BUSY_NANOS);
          } else {
            break;
          }
        }
        confirm();
        long position = stream.getLastReceiveLSN().asLong();
        if (batch.size() > 0 || position != reportedPosition) {
          batch.serverPosition(position);
          reportedPosition = position;
          long now = System.nanoTime();
          busy = batch.size() * 1_000_000L > BUSY_MESSAGES_A_MILLI * (now - handedNanos);
          handedNanos = now;
          hand(batch);
          idleSince = 0;
        } else if (stream.isClosed()) {
          break;
        } else {
          idleSince = idleSince == 0 ? System.nanoTime() : idleSince;
          LockSupport.parkNanos(pauseNanos(System.nanoTime() - idleSince));
        }
      }
      queue.fail(
          new BottledWaterException(ErrorCode.POSTGRES_UNREACHABLE, "The stream was closed."));
    } catch (SQLException e) {
      queue.fail(PostgresErrors.translate(e, "reading the replication stream", address));
    } catch (InterruptedException e) {
      queue.fail(
          new BottledWaterException(ErrorCode.POSTGRES_UNREACHABLE, "The stream was closed.", e));
    } catch (RuntimeException e) {
      queue.fail(new BottledWaterException(ErrorCode.BUG, "The replication reader failed.", e));
    } catch (OutOfMemoryError e) {
      queue.fail(
          new BottledWaterException(
              ErrorCode.MEMORY, "A message of the stream does not fit into memory.", e));
    }
  }

  // The driver's waiting read comes back only with a change, so positions would be confirmed and
  // passed on late or never; asking again and again is what leaves this thread in charge. The
  // longer
  // nothing comes, the longer it sleeps: a change waits 0.1 ms in a lively stream, 2 ms in a quiet
  // one.
  private static long pauseNanos(long idleNanos) {
    return Math.max(100_000L, Math.min(2_000_000L, idleNanos / 50));
  }

  private void hand(MessageBatch batch) throws InterruptedException, SQLException {
    while (!closed && !queue.offer(batch, STATUS_MILLIS)) {
      confirm();
      stream.forceUpdateStatus();
    }
  }

  private void confirm() {
    LogSequenceNumber flushed = LogSequenceNumber.valueOf(flushLsn.getAsLong());
    stream.setFlushedLSN(flushed);
    stream.setAppliedLSN(flushed);
  }

  /** Confirms what can be confirmed, if the connection still stands, and ends the stream. */
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
