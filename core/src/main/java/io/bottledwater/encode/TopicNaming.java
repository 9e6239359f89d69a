package io.bottledwater.encode;

/** Names the topic of a table. */
public interface TopicNaming {
  /**
   * @throws io.bottledwater.error.BottledWaterException {@code BW-TOPIC-NAME} when the name is too
   *     long or belongs to another table already
   */
  String topicOf(String schema, String table);
}
