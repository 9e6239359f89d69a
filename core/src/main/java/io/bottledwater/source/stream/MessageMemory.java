package io.bottledwater.source.stream;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Where a source keeps its messages until they are no longer needed: chunks that are filled again
 * and again. Messages outlive many young collections while they wait, so an array for each would
 * have to be copied and promoted, and the old generation collected for them.
 *
 * <p>One thread at a time takes batches and fills them; any thread releases them.
 */
final class MessageMemory {
  private static final int CHUNK_BYTES = 64 * 1024;

  /** Messages larger than this stay in the array that they came in. */
  private static final int LARGE = CHUNK_BYTES / 4;

  // A free chunk was in use before, and what is in use is bounded by the queue and the window.
  private static final int MOST_FREE_BATCHES = 256;

  private final ArrayDeque<Chunk> freeChunks = new ArrayDeque<>();
  private final ArrayDeque<MessageBatch> freeBatches = new ArrayDeque<>();
  private @Nullable Chunk filling;

  /** Filled by one thread; shared by the batches whose messages it holds. */
  static final class Chunk {
    private final byte[] bytes = new byte[CHUNK_BYTES];
    private int used;
    private int users;

    byte[] bytes() {
      return bytes;
    }

    /**
     * @return where the copy begins
     */
    int put(byte[] source, int offset, int length) {
      int at = used;
      System.arraycopy(source, offset, bytes, at, length);
      used += length;
      return at;
    }
  }

  /** An empty batch. */
  MessageBatch take() {
    synchronized (this) {
      MessageBatch free = freeBatches.poll();
      return free == null ? new MessageBatch(this) : free;
    }
  }

  /** The chunk with room for a message of this length; null when it is too large for any. */
  @Nullable Chunk chunkFor(int length) {
    if (length > LARGE) {
      return null;
    }
    Chunk chunk = filling;
    if (chunk == null || length > CHUNK_BYTES - chunk.used) {
      chunk = next(chunk);
      filling = chunk;
    }
    return chunk;
  }

  private synchronized Chunk next(@Nullable Chunk full) {
    if (full != null) {
      release(full);
    }
    Chunk free = freeChunks.poll();
    Chunk chunk = free == null ? new Chunk() : free;
    chunk.used = 0;
    chunk.users = 1;
    return chunk;
  }

  synchronized void retain(Chunk chunk) {
    chunk.users++;
  }

  synchronized void release(Chunk chunk) {
    chunk.users--;
    if (chunk.users == 0) {
      freeChunks.push(chunk);
    }
  }

  synchronized void giveBack(MessageBatch batch) {
    if (freeBatches.size() < MOST_FREE_BATCHES) {
      freeBatches.push(batch);
    }
  }
}
