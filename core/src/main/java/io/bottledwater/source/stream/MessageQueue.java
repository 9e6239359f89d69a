package io.bottledwater.source.stream;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Hands messages from the thread that reads the replication stream to the one that decodes them.
 * Bounded in bytes: when it is full, {@link #offer} says so and the reader goes on answering the
 * server without reading. A single message larger than the bound passes when the queue is empty.
 */
final class MessageQueue {
  private final Object lock = new Object();
  private final ArrayDeque<MessageBatch> batches = new ArrayDeque<>();
  private final long capacityBytes;
  private long bytes;
  private @Nullable RuntimeException failure;
  private boolean ended;

  MessageQueue(long capacityBytes) {
    this.capacityBytes = capacityBytes;
  }

  /**
   * @return false when the queue stayed full for {@code waitMillis}; the batch was not taken
   */
  boolean offer(MessageBatch batch, long waitMillis) throws InterruptedException {
    synchronized (lock) {
      if (isFullFor(batch)) {
        lock.wait(waitMillis);
        if (isFullFor(batch)) {
          return false;
        }
      }
      batches.add(batch);
      bytes += batch.bytes();
      lock.notifyAll();
      return true;
    }
  }

  private boolean isFullFor(MessageBatch batch) {
    return bytes > 0 && bytes + batch.bytes() > capacityBytes;
  }

  /** The reader has ended; what was queued before is still handed out. */
  void fail(RuntimeException cause) {
    synchronized (lock) {
      failure = cause;
      lock.notifyAll();
    }
  }

  /** The reader has come to its end; what was queued before is still handed out. */
  void end() {
    synchronized (lock) {
      ended = true;
      lock.notifyAll();
    }
  }

  /** Whether the reader has come to its end and everything has been handed out. */
  boolean isEnded() {
    synchronized (lock) {
      return ended && batches.isEmpty();
    }
  }

  /**
   * The next batch, or null after {@code waitMillis} without one.
   *
   * @throws RuntimeException why the reader ended, once everything before has been handed out
   */
  @Nullable MessageBatch poll(long waitMillis) throws InterruptedException {
    synchronized (lock) {
      if (batches.isEmpty() && failure == null && !ended) {
        lock.wait(waitMillis);
      }
      MessageBatch batch = batches.poll();
      if (batch != null) {
        bytes -= batch.bytes();
        lock.notifyAll();
        return batch;
      }
      if (failure != null) {
        throw failure;
      }
      return null;
    }
  }

  boolean isEmpty() {
    synchronized (lock) {
      return batches.isEmpty();
    }
  }
}
