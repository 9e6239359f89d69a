package io.bottledwater.sink;

import io.bottledwater.record.RecordConsumer;
import java.util.List;

/** One thread's ordered way into a sink. */
public interface SinkWriter extends RecordConsumer, AutoCloseable {
  /**
   * Makes everything accepted since the last commit durable, together with {@code state}, and
   * returns when it is. Where the sink has transactions, readers see all of it or nothing.
   *
   * @throws io.bottledwater.error.BottledWaterException when it cannot say that all of it is
   *     durable
   */
  void commit(List<StateEntry> state);

  /**
   * How long records may wait for their commit, in milliseconds. A commit must be asked for within
   * this time of the first record after the last one.
   */
  default long commitWithinMillis() {
    return Long.MAX_VALUE;
  }

  /**
   * Whether a commit fails once a later instance of the same pump has recovered. Where it does not,
   * the pump asks for its lease first.
   */
  default boolean isFenced() {
    return true;
  }

  /** Gives what was accepted a chance to go on. To be called while nothing is accepted. */
  default void progress() {}

  /** Closes; what was not committed is given up. */
  @Override
  void close();
}
