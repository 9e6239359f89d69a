package io.bottledwater.record;

import io.bottledwater.bytes.ByteSlice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record on its way to a sink; the object and the value's bytes are overwritten by the next
 * one, the key is not and belongs to the sink.
 */
public final class EncodedRecord {
  private Topic topic;
  private byte @Nullable [] key;
  private @Nullable ByteSlice value;
  private long timestampMillis;
  private Operation operation = Operation.READ;
  private long commitLsn;
  private long xid;
  private long sequence;
  private List<RecordHeader> headers = List.of();
  private boolean hasHeaders;

  public EncodedRecord(Topic topic) {
    this.topic = topic;
  }

  /** Where and what. */
  public void set(
      Topic topic, Operation operation, byte @Nullable [] key, @Nullable ByteSlice value) {
    this.topic = topic;
    this.operation = operation;
    this.key = key;
    this.value = value;
    if (hasHeaders) {
      setHeaders(List.of());
    }
  }

  /** Headers of its own, beside those that say where it comes from; after {@link #set}. */
  public void setHeaders(List<RecordHeader> headers) {
    this.headers = headers;
    this.hasHeaders = !headers.isEmpty();
  }

  /**
   * From which transaction.
   *
   * @param timestampMillis commit time, since 1970-01-01T00:00Z
   * @param xid 0 for rows of the snapshot
   * @param sequence ordinal of the change in its transaction, from 0
   */
  public void setOrigin(long timestampMillis, long commitLsn, long xid, long sequence) {
    this.timestampMillis = timestampMillis;
    this.commitLsn = commitLsn;
    this.xid = xid;
    this.sequence = sequence;
  }

  public Topic topic() {
    return topic;
  }

  public Operation operation() {
    return operation;
  }

  public byte @Nullable [] key() {
    return key;
  }

  /** Null deletes the key. */
  public @Nullable ByteSlice value() {
    return value;
  }

  /** Whether there are any of its own: hardly a record has. */
  public boolean hasHeaders() {
    return hasHeaders;
  }

  public List<RecordHeader> headers() {
    return headers;
  }

  public long timestampMillis() {
    return timestampMillis;
  }

  public long commitLsn() {
    return commitLsn;
  }

  public long xid() {
    return xid;
  }

  public long sequence() {
    return sequence;
  }
}
