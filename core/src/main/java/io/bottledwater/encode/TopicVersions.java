package io.bottledwater.encode;

import io.bottledwater.record.TopicNames;
import io.bottledwater.schema.Subject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which version of each topic the stream has reached: rows of a shape that the subjects of {@code
 * TOPIC} do not take go to {@code TOPIC.v2}, then {@code TOPIC.v3}, and never back, so that whoever
 * reads the versions one after the other reads every change in its order.
 *
 * <p>The numbers belong to the pump's state: what the stream has reached is committed with the rows
 * that went there, so that a restart goes on where the rows ended and not where the table is by
 * now. A pump without state begins with the highest version that has a subject.
 *
 * <p>Thread safe.
 */
public final class TopicVersions {
  private static final Logger log = LoggerFactory.getLogger(TopicVersions.class);

  private final Map<String, Integer> reached;
  private final Map<String, Integer> uncommitted = new HashMap<>();
  private final Predicate<String> subjects;
  private final boolean resumed;
  private final Set<String> announced = new HashSet<>();

  /**
   * @param reached versions above 1, by topic, as they were committed
   * @param resumed whether rows have been written before: a topic that is not named in {@code
   *     reached} is then at its first version
   * @param subjects whether the registry has a subject
   */
  public TopicVersions(Map<String, Integer> reached, boolean resumed, Predicate<String> subjects) {
    this.reached = new HashMap<>(reached);
    this.resumed = resumed;
    this.subjects = subjects;
  }

  /** The version that rows of the topic go to now, from 1. */
  synchronized int of(String topic) {
    Integer version = reached.get(topic);
    if (version == null) {
      version = 1;
      while (!resumed && subjects.test(Subject.of(TopicNames.version(topic, version + 1), false))) {
        version++;
      }
      reached.put(topic, version);
      if (version > 1) {
        uncommitted.put(topic, version);
      }
    }
    return version;
  }

  /** The stream is about to write rows to this version. */
  synchronized void reach(String topic, int version) {
    if (version > of(topic)) {
      reached.put(topic, version);
      uncommitted.put(topic, version);
    }
  }

  /** Says once that a version does not take a shape. */
  synchronized void announce(String topic, int next, String table, String why) {
    if (announced.add(TopicNames.version(topic, next))) {
      log.warn(
          "Table {}: rows of its new shape go to topic {}. {}",
          table,
          TopicNames.version(topic, next),
          why);
    }
  }

  /** Versions reached since the last call; they are to be committed with the rows. */
  public synchronized Map<String, Integer> take() {
    Map<String, Integer> taken = Map.copyOf(uncommitted);
    uncommitted.clear();
    return taken;
  }
}
