package io.bottledwater.source.stream;

import org.jspecify.annotations.Nullable;

/**
 * Where the output plugin's messages come from: whole transactions in commit order, read ahead by a
 * thread of the source's own. Polled by one thread.
 */
public interface MessageSource extends AutoCloseable {
  /**
   * The next messages.
   *
   * @return null after {@code waitMillis} without any, or when it has ended; an empty batch when
   *     only the server's position moved
   * @throws io.bottledwater.error.BottledWaterException why reading failed, once everything before
   *     has been handed out
   */
  @Nullable MessageBatch poll(long waitMillis) throws InterruptedException;

  /** Whether nothing has been read ahead, nor is about to come. */
  boolean isDrained();

  /** Whether nothing will come any more; it ends between two transactions only. */
  boolean isEnded();

  @Override
  void close();
}
