package io.bottledwater.kafka.producer;

import java.util.ArrayDeque;
import java.util.Iterator;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The batches of a partition that the brokers have not acknowledged, in the order of their
 * sequences, and the one that is being filled.
 *
 * <p>Normally batches are sent one behind the other without waiting. After one has failed in a way
 * that may pass, nothing new is sent until all under way have been answered; then those that failed
 * are sent again, each when the one before it has been acknowledged. The broker knows by their
 * sequences which of them it has already.
 *
 * <p>One thread.
 */
final class PartitionBatches {
  private enum State {
    WAITING,
    SENT,
    FAILED
  }

  /** A sealed batch. */
  static final class Pending {
    final RecordBatch batch;
    private State state = State.WAITING;

    Pending(RecordBatch batch) {
      this.batch = batch;
    }
  }

  private static final long NEVER = Long.MAX_VALUE;

  private final TopicPartition partition;
  private final int maxBatchBytes;
  private final ArrayDeque<Pending> pending = new ArrayDeque<>();
  private @Nullable RecordBatch open;
  private int typicalBytes;
  private int sent;
  private int failed;
  private int sequence;
  private int generation = -1;
  private long retryAtMillis;
  private long troubledSinceMillis = NEVER;

  PartitionBatches(TopicPartition partition, int maxBatchBytes) {
    this.partition = partition;
    this.maxBatchBytes = maxBatchBytes;
  }

  TopicPartition partition() {
    return partition;
  }

  int maxBatchBytes() {
    return maxBatchBytes;
  }

  /** How large the last batch became: the next one will hardly differ much. */
  int typicalBytes() {
    return typicalBytes;
  }

  @Nullable RecordBatch open() {
    return open;
  }

  void open(RecordBatch batch) {
    open = batch;
  }

  boolean isEmpty() {
    return open == null && pending.isEmpty();
  }

  int pending() {
    return pending.size();
  }

  /** Takes the open batch out of the hand of the writer. */
  @Nullable RecordBatch close() {
    RecordBatch closed = open;
    open = null;
    if (closed != null) {
      typicalBytes = closed.size();
    }
    return closed;
  }

  /** The sequence of the first of {@code records} that come next. */
  int takeSequence(ProducerIdentity identity, int records) {
    if (generation != identity.generation()) {
      generation = identity.generation();
      sequence = 0;
    }
    int first = sequence;
    // As brokers count: after the greatest integer comes 0.
    sequence =
        first > Integer.MAX_VALUE - records
            ? records - (Integer.MAX_VALUE - first) - 1
            : first + records;
    return first;
  }

  void add(RecordBatch sealed) {
    pending.add(new Pending(sealed));
  }

  /** The batch to send next, or null when there is none or it must wait. */
  @Nullable Pending next(long nowMillis) {
    if (failed > 0) {
      Pending head = pending.peek();
      return sent == 0 && nowMillis >= retryAtMillis && head != null ? head : null;
    }
    if (sent == pending.size()) {
      return null;
    }
    Iterator<Pending> all = pending.iterator();
    for (int i = 0; i < sent; i++) {
      all.next();
    }
    return all.next();
  }

  void sent(Pending batch) {
    leave(batch);
    batch.state = State.SENT;
    sent++;
  }

  void acknowledged(Pending batch) {
    leave(batch);
    pending.remove(batch);
    troubledSinceMillis = NEVER;
  }

  /** The batch may or may not have been written; it is to be sent again. */
  void failed(Pending batch, long nowMillis, long retryAfterMillis) {
    leave(batch);
    batch.state = State.FAILED;
    failed++;
    retryAtMillis = nowMillis + retryAfterMillis;
    troubled(nowMillis);
  }

  /** How long until a failed batch is to be sent again; for ever when there is none. */
  long millisToRetry(long nowMillis) {
    return failed > 0 && sent == 0 ? retryAtMillis - nowMillis : NEVER;
  }

  private void leave(Pending batch) {
    if (batch.state == State.SENT) {
      sent--;
    } else if (batch.state == State.FAILED) {
      failed--;
    }
  }

  boolean isFirst(Pending batch) {
    return pending.peek() == batch;
  }

  /** It does not get on: no leader, no connection, or a failure. */
  void troubled(long nowMillis) {
    troubledSinceMillis = Math.min(troubledSinceMillis, nowMillis);
  }

  /** How long nothing has been acknowledged although it was tried. */
  long troubledMillis(long nowMillis) {
    return troubledSinceMillis == NEVER ? 0 : nowMillis - troubledSinceMillis;
  }
}
