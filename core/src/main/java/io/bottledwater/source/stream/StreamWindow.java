package io.bottledwater.source.stream;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A source whose last messages are kept and whose next ones can be read ahead. Messages are
 * numbered in the order of the stream. One thread only.
 *
 * <pre>
 *   kept, at most BEHIND_BYTES    the batch polled last    read ahead, at most AHEAD_BYTES    source
 *   └ first()                           └ current()                                  end() ┘
 * </pre>
 */
public final class StreamWindow {
  private static final long BEHIND_BYTES = 8L * 1024 * 1024;
  private static final long AHEAD_BYTES = 32L * 1024 * 1024;

  /** Is told of messages as they enter and leave. */
  public interface Observer {
    void entered(long number, MessageBatch batch, int index);

    /** All messages below this number are gone. */
    void left(long first);
  }

  private final MessageSource source;
  private final Observer observer;
  // By the number of the first message; batches without messages are not in it.
  private final TreeMap<Long, MessageBatch> batches = new TreeMap<>();
  private final ArrayDeque<MessageBatch> ahead = new ArrayDeque<>();
  private long aheadBytes;
  private long keptBytes;
  private long polled;
  private long end;
  private long current;
  private long serverPosition;

  public StreamWindow(MessageSource source, Observer observer) {
    this.source = source;
    this.observer = observer;
  }

  /** As {@link MessageSource#poll}; what has been read ahead comes first. */
  public @Nullable MessageBatch poll(long waitMillis) throws InterruptedException {
    MessageBatch batch = ahead.poll();
    if (batch == null) {
      batch = take(waitMillis);
    } else {
      aheadBytes -= batch.bytes();
    }
    if (batch != null && batch.size() > 0) {
      current = polled;
      polled += batch.size();
      keptBytes += batch.bytes();
      forget();
    }
    return batch;
  }

  /** Whether nothing has been read ahead, neither here nor by the source. */
  public boolean isDrained() {
    return ahead.isEmpty() && source.isDrained();
  }

  /** The next message of the batch polled last is being decoded now. */
  public void reach(MessageBatch batch, int index) {
    current = polled - batch.size() + index;
  }

  /** Number of the message that is being decoded. */
  public long current() {
    return current;
  }

  /** Number of the oldest message that is kept. */
  public long first() {
    return batches.isEmpty() ? end : batches.firstKey();
  }

  /** Number that the next message from the source will have. */
  public long end() {
    return end;
  }

  /**
   * The server has sent everything that commits before this, if no transaction is open at the end.
   */
  public long serverPosition() {
    return serverPosition;
  }

  /** Whether as much has been read ahead as may be. */
  public boolean isFull() {
    return aheadBytes >= AHEAD_BYTES;
  }

  /** Reads a batch ahead if one comes within {@code waitMillis}. */
  public void readAhead(long waitMillis) throws InterruptedException {
    MessageBatch batch = take(waitMillis);
    if (batch != null) {
      ahead.add(batch);
      aheadBytes += batch.bytes();
    }
  }

  /** A message from {@link #first()} to before {@link #end()}. */
  public ByteBuffer message(long number) {
    Map.Entry<Long, MessageBatch> entry = batches.floorEntry(number);
    if (entry == null || number - entry.getKey() >= entry.getValue().size()) {
      throw new IllegalStateException("message " + number + " is not in the window");
    }
    return message(entry.getValue(), (int) (number - entry.getKey()));
  }

  /** A message of a batch, in a buffer of its own around the same bytes. */
  public static ByteBuffer message(MessageBatch batch, int index) {
    return ByteBuffer.wrap(batch.buffer(index), batch.offset(index), batch.length(index));
  }

  /** As {@link MessageSource#isEnded}. */
  public boolean isEnded() {
    return ahead.isEmpty() && source.isEnded();
  }

  /** Whether nothing more can be read ahead. */
  public boolean isExhausted() {
    return source.isEnded();
  }

  private @Nullable MessageBatch take(long waitMillis) throws InterruptedException {
    MessageBatch batch = source.poll(waitMillis);
    if (batch == null) {
      return null;
    }
    serverPosition = batch.serverPosition();
    if (batch.size() > 0) {
      batches.put(end, batch);
      for (int i = 0; i < batch.size(); i++) {
        observer.entered(end++, batch, i);
      }
    }
    return batch;
  }

  // The batch that was polled last is being decoded and stays, however large it is.
  private void forget() {
    boolean forgotten = false;
    while (keptBytes > BEHIND_BYTES && batches.firstEntry().getValue().size() + first() < polled) {
      MessageBatch oldest = batches.pollFirstEntry().getValue();
      keptBytes -= oldest.bytes();
      oldest.release();
      forgotten = true;
    }
    if (forgotten) {
      observer.left(first());
    }
  }
}
