package io.bottledwater.schema;

/**
 * Names of registry subjects by the TopicNameStrategy: {@code <topic>-key}, {@code <topic>-value}.
 */
public final class Subject {
  private Subject() {}

  public static String of(String topic, boolean key) {
    return topic + (key ? "-key" : "-value");
  }
}
