package io.bottledwater.sink;

import io.bottledwater.record.Topic;
import java.util.Collection;
import java.util.Map;

/**
 * Where encoded records go. A pump opens one sink a session; {@link #close()} gives up whatever was
 * not committed.
 */
public interface Sink extends AutoCloseable {
  /**
   * Shuts out older instances of the same pump, then reads back what was committed with the
   * records.
   *
   * @return the newest entry of each key
   */
  Map<String, StateEntry> recover();

  /** Makes sure that topics exist. Called before the first record for them; thread safe. */
  void ensureTopics(Collection<Topic> topics);

  /** The writer of the stream of changes; one. */
  SinkWriter streamWriter();

  /**
   * A writer for one thread that reads the snapshot.
   *
   * @param index from 0
   */
  SinkWriter snapshotWriter(int index);

  @Override
  void close();
}
