package io.bottledwater.kafka;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.record.Topic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates topics that are missing, and remembers what is there. Thread safe. */
final class Topics {
  private static final Logger log = LoggerFactory.getLogger(Topics.class);

  /** What the writer must know of a topic. */
  record Known(int partitions, int maxMessageBytes) {}

  private final Admin admin;
  private final KafkaSinkSettings settings;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  Topics(Admin admin, KafkaSinkSettings settings) {
    this.admin = admin;
    this.settings = settings;
  }

  /** A topic for rows: compacted when it is keyed, unless the user says otherwise. */
  void ensure(Topic topic) {
    if (known.containsKey(topic.name())) {
      return;
    }
    Map<String, String> config = new HashMap<>();
    if (topic.keyed()) {
      config.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
    }
    config.putAll(settings.topicProperties());
    ensure(topic.name(), Optional.ofNullable(settings.topicPartitions()), config);
  }

  /** The pump's own state: one partition, compacted. */
  void ensureState() {
    ensure(
        settings.stateTopic(),
        Optional.of(1),
        Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
  }

  /** Records set aside: kept as long as the broker keeps things. */
  void ensureDeadLetters() {
    if (!known.containsKey(settings.deadLetterTopic())) {
      ensure(settings.deadLetterTopic(), Optional.of(1), Map.of());
    }
  }

  Known of(String topic) {
    Known found = known.get(topic);
    if (found == null) {
      throw new IllegalStateException("topic was not ensured");
    }
    return found;
  }

  private synchronized void ensure(
      String name, Optional<Integer> partitions, Map<String, String> config) {
    if (known.containsKey(name)) {
      return;
    }
    try {
      Known existing = describe(name);
      if (existing == null) {
        create(name, partitions, config);
        existing = awaitDescription(name);
      }
      known.put(name, existing);
    } catch (ExecutionException e) {
      throw KafkaErrors.translate(e, "preparing topic " + name, settings.bootstrapServers());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BottledWaterException(
          ErrorCode.KAFKA_UNREACHABLE, "Interrupted while preparing topic " + name + ".", e);
    }
  }

  private void create(String name, Optional<Integer> partitions, Map<String, String> config)
      throws ExecutionException, InterruptedException {
    try {
      admin
          .createTopics(
              List.of(
                  new NewTopic(
                          name, partitions, Optional.ofNullable(settings.topicReplicationFactor()))
                      .configs(config)))
          .all()
          .get();
      log.info("Created topic {}.", name);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  // A topic that was just created is not known to every broker at once.
  private Known awaitDescription(String name) throws ExecutionException, InterruptedException {
    for (int attempt = 0; attempt < 50; attempt++) {
      Known described = describe(name);
      if (described != null) {
        return described;
      }
      Thread.sleep(100);
    }
    throw new BottledWaterException(
        ErrorCode.TOPIC_MISSING, "Topic " + name + " was created but does not appear.");
  }

  private @Nullable Known describe(String name) throws ExecutionException, InterruptedException {
    TopicDescription description;
    try {
      description = admin.describeTopics(List.of(name)).allTopicNames().get().get(name);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return null;
      }
      throw e;
    }
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
    Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
    if (description == null || config == null) {
      return null;
    }
    int partitions = description.partitions().size();
    String limit = config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value();
    return new Known(partitions, Integer.parseInt(limit));
  }
}
