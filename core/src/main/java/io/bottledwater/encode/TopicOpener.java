package io.bottledwater.encode;

import io.bottledwater.record.Topic;
import java.util.Collection;

/** Makes sure that topics exist before their first record. */
public interface TopicOpener {
  void ensureTopics(Collection<Topic> topics);
}
