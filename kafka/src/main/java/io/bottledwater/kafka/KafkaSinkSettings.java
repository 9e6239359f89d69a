package io.bottledwater.kafka;

import io.bottledwater.config.Delivery;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the pump uses Kafka.
 *
 * @param bootstrapServers {@code host:port,...}
 * @param clientProperties the user's properties, in Kafka's names; they apply to producer, consumer
 *     and admin client as far as each knows them
 * @param topicProperties properties of topics that are created
 * @param topicPrefix with its dot, or empty
 * @param pumpName unique among the pumps of the cluster that share the prefix
 * @param topicPartitions for topics that are created; null for the broker's default
 * @param topicReplicationFactor the same
 * @param crc32 whether keys are spread as librdkafka does
 * @param acceptTopicChanges whether topics that were deleted or truncated are taken as they are
 * @param deadLetters whether a record that cannot be delivered is set aside instead of stopping
 */
public record KafkaSinkSettings(
    String bootstrapServers,
    Map<String, String> clientProperties,
    Map<String, String> topicProperties,
    String topicPrefix,
    String pumpName,
    Delivery delivery,
    @Nullable Integer topicPartitions,
    @Nullable Short topicReplicationFactor,
    boolean crc32,
    boolean headers,
    boolean deadLetters,
    boolean acceptTopicChanges) {

  public KafkaSinkSettings {
    clientProperties = Map.copyOf(clientProperties);
    topicProperties = Map.copyOf(topicProperties);
  }

  String stateTopic() {
    return topicPrefix + "bottledwater.state";
  }

  String deadLetterTopic() {
    return topicPrefix + "bottledwater.dead-letters";
  }

  String transactionalId() {
    return "bottledwater." + topicPrefix + pumpName;
  }
}
