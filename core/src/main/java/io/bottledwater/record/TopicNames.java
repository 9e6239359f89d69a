package io.bottledwater.record;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names the topic of each table: {@code [prefix.]}, then what the {@link TopicNaming} says.
 *
 * <p>A legal identifier stays as it is, even where it looks like an escape: {@code top_20_pages}
 * should not have to change because of a table that nobody has. Instead each name given out is
 * remembered, and a second table that would get it is refused. So is one whose topic differs in
 * dots against underscores only, for Kafka does not create such a topic.
 *
 * <p>Thread safe.
 */
public final class TopicNames {
  /** Kafka's limit: {@code org.apache.kafka.common.internals.Topic}. */
  private static final int MAX_LENGTH = 249;

  private static final String CONTROL_TOPIC = "bottledwater.control";
  private static final String OUTBOX = "outbox.event.";
  private static final String MESSAGES_TOPIC = "bottledwater.messages";

  private final String prefix;
  private final TopicNaming naming;

  /** Who has a topic: by its name as Kafka compares names. */
  private final Map<String, String> owners = new HashMap<>();

  /**
   * @param prefix {@code --topic-prefix}, without the dot that follows it; null or empty for none
   * @throws BottledWaterException {@code BW-TOPIC-NAME} when Kafka does not allow the prefix
   */
  public TopicNames(@Nullable String prefix) {
    this(prefix, TopicNaming.STANDARD);
  }

  /**
   * @param prefix {@code --topic-prefix}, without the dot that follows it; null or empty for none
   * @throws BottledWaterException {@code BW-TOPIC-NAME} when Kafka does not allow the prefix
   */
  public TopicNames(@Nullable String prefix, TopicNaming naming) {
    this.naming = naming;
    this.prefix = prefix == null || prefix.isEmpty() ? "" : prefix + ".";
    for (int i = 0; i < this.prefix.length(); i++) {
      char c = this.prefix.charAt(i);
      if (!TopicNaming.isLegal(c) && c != '.') {
        throw refuse("the prefix \"" + prefix + "\" has characters that Kafka does not allow.");
      }
    }
    owners.put(unify(controlTopic()), "the control topic");
    owners.put(unify(messagesTopic()), "the topic of logical messages");
  }

  /** The topic of records about the pump itself, such as TRUNCATE. */
  public String controlTopic() {
    return prefix + CONTROL_TOPIC;
  }

  /** The topic of logical messages. */
  public String messagesTopic() {
    return prefix + MESSAGES_TOPIC;
  }

  /**
   * The topic of an outbox's events: {@code [prefix.]outbox.event.ROUTE}.
   *
   * @param route what the row says, as PostgreSQL has it
   * @throws BottledWaterException {@code BW-TOPIC-NAME} when the name is too long or belongs to a
   *     table
   */
  public synchronized String outboxTopic(String route) {
    String topic = prefix + OUTBOX + TopicNaming.escape(route, false);
    if (topic.length() > MAX_LENGTH) {
      throw refuse(
          "a row of the outbox names a topic of "
              + topic.length()
              + " characters, more than Kafka's limit of "
              + MAX_LENGTH
              + ".");
    }
    String owner = "the outbox, route " + quote(route);
    String other = owners.putIfAbsent(unify(topic), owner);
    if (other != null && !other.equals(owner)) {
      throw refuse(owner + " would get the topic " + topic + ", which " + other + " has.");
    }
    return topic;
  }

  /**
   * @param schema the schema's name, as PostgreSQL has it
   * @param table the table's name, as PostgreSQL has it
   * @throws BottledWaterException {@code BW-TOPIC-NAME} when the name is too long or belongs to
   *     another table
   */
  public synchronized String topicOf(String schema, String table) {
    String topic = prefix + naming.of(schema, table);
    String owner = quote(schema) + "." + quote(table);
    if (topic.length() > MAX_LENGTH) {
      throw refuse(
          "table "
              + owner
              + " would get the topic "
              + topic
              + ", which is longer than Kafka's limit of "
              + MAX_LENGTH
              + " characters.");
    }
    String other = owners.putIfAbsent(unify(topic), owner);
    if (other != null && !other.equals(owner)) {
      throw refuse(
          "table " + owner + " would get the topic " + topic + ", which " + other + " has.");
    }
    return topic;
  }

  /** The name of a topic's version: the topic's own for 1, then {@code TOPIC.v2} and so on. */
  public static String version(String topic, int version) {
    return version == 1 ? topic : topic + ".v" + version;
  }

  /**
   * Takes the name of a topic's version for the table whose topic it is.
   *
   * @param topic as {@link #topicOf} gave it
   * @throws BottledWaterException {@code BW-TOPIC-NAME} when the name is too long or belongs to
   *     another table
   */
  public synchronized String versionOf(String topic, int version) {
    String name = version(topic, version);
    String owner = owners.getOrDefault(unify(topic), "the table of " + topic);
    if (name.length() > MAX_LENGTH) {
      throw refuse(
          "table "
              + owner
              + " would get the topic "
              + name
              + ", which is longer than Kafka's limit of "
              + MAX_LENGTH
              + " characters.");
    }
    String other = owners.putIfAbsent(unify(name), owner);
    if (other != null && !other.equals(owner)) {
      throw refuse(
          "table " + owner + " would get the topic " + name + ", which " + other + " has.");
    }
    return name;
  }

  /** Kafka's metrics put underscores for dots, so it takes names for equal that differ in those. */
  private static String unify(String topic) {
    return topic.replace('.', '_');
  }

  private static String quote(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  private static BottledWaterException refuse(String found) {
    return new BottledWaterException(ErrorCode.TOPIC_NAME, found);
  }
}
