package io.bottledwater.record;

/** Takes encoded records in order. One thread only. */
public interface RecordConsumer {
  /** Takes a record; may block while the way onwards is full. */
  void accept(EncodedRecord record);
}
