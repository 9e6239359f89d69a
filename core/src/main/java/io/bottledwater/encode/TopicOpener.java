package io.bottledwater.encode;

import io.bottledwater.record.Topic;

/** Makes sure that a topic exists before its first record. */
public interface TopicOpener {
  void ensureTopic(Topic topic);
}
