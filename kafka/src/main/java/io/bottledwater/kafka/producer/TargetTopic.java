package io.bottledwater.kafka.producer;

/**
 * A topic that exists, as far as a producer must know it.
 *
 * @param partitions over which keys are spread; kept for a session, so that a key keeps its
 *     partition in it
 * @param maxMessageBytes the topic's limit for a record batch
 */
public record TargetTopic(String name, int partitions, int maxMessageBytes) {}
