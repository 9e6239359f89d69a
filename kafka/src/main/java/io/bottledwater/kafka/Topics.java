package io.bottledwater.kafka;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.kafka.producer.TargetTopic;
import io.bottledwater.record.Topic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates topics that are missing, and remembers what is there. Thread safe. */
final class Topics {
  private static final Logger log = LoggerFactory.getLogger(Topics.class);

  private static final int TOPICS_A_REQUEST = 200;

  private static final int NAMES_SHOWN = 5;

  // Without another topic becoming known: hundreds at once keep a busy broker occupied for a while.
  private static final long CREATION_NANOS = TimeUnit.MINUTES.toNanos(2);

  private final Admin admin;
  private final KafkaSinkSettings settings;
  private final String maxRequestSize;
  private final TopicMarks marks;
  private final Map<String, TargetTopic> known = new ConcurrentHashMap<>();
  private final Map<String, String> ids = new ConcurrentHashMap<>();

  Topics(Admin admin, KafkaSinkSettings settings, TopicMarks marks) {
    this.admin = admin;
    this.settings = settings;
    this.maxRequestSize =
        String.valueOf(
            ClientProperties.producer(settings, null).get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG));
    this.marks = marks;
  }

  /**
   * Topics for rows, unless the user says otherwise compacted when they are keyed, and open to
   * records as large as the producer may send: brokers by themselves take 1 MB.
   */
  void ensure(Collection<Topic> wanted) {
    List<NewTopic> missing = new ArrayList<>();
    for (Topic topic : wanted) {
      if (!known.containsKey(topic.name())) {
        Map<String, String> config = new HashMap<>();
        if (topic.keyed()) {
          config.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        }
        config.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, maxRequestSize);
        config.putAll(settings.topicProperties());
        missing.add(topic(topic.name(), Optional.ofNullable(settings.topicPartitions()), config));
      }
    }
    ensureAll(missing);
    missing.forEach(topic -> mark(topic.name()));
  }

  // Before the first row is written, so that the topic is never taken for another.
  private void mark(String topic) {
    marks.add(topic, ids.getOrDefault(topic, ""), of(topic).partitions());
  }

  /**
   * The pump's own state: one partition, compacted, and so that it stays small: see {@link
   * StateTopic#configuration}. A topic that was made without those settings gets them, but for what
   * somebody has set on it.
   */
  void ensureState() {
    Map<String, String> wanted = StateTopic.configuration(maxRequestSize);
    ensureAll(List.of(topic(settings.stateTopic(), Optional.of(1), wanted)));
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, settings.stateTopic());
    try {
      Config found = admin.describeConfigs(List.of(resource)).all().get().get(resource);
      List<AlterConfigOp> missing = new ArrayList<>();
      wanted.forEach(
          (name, value) -> {
            ConfigEntry entry = found == null ? null : found.get(name);
            if (entry != null
                && entry.source() != ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG
                && !value.equals(entry.value())) {
              missing.add(
                  new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET));
            }
          });
      if (!missing.isEmpty()) {
        admin.incrementalAlterConfigs(Map.of(resource, missing)).all().get();
      }
    } catch (ExecutionException e) {
      // It works without, at first.
      log.warn(
          "Topic {} cannot be kept small ({}), so starts will take longer and longer; set {} on it.",
          settings.stateTopic(),
          Objects.requireNonNullElse(e.getCause(), e).getClass().getSimpleName(),
          wanted);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static BottledWaterException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new BottledWaterException(
        ErrorCode.KAFKA_UNREACHABLE, "Interrupted while preparing topics.", e);
  }

  /** Records set aside: kept as long as the broker keeps things, with keys of any size. */
  void ensureDeadLetters() {
    if (!known.containsKey(settings.deadLetterTopic())) {
      ensureAll(
          List.of(
              topic(
                  settings.deadLetterTopic(),
                  Optional.of(1),
                  Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, maxRequestSize))));
    }
  }

  private NewTopic topic(String name, Optional<Integer> partitions, Map<String, String> config) {
    return new NewTopic(name, partitions, Optional.ofNullable(settings.topicReplicationFactor()))
        .configs(config);
  }

  /** All that have been met. */
  Collection<String> names() {
    return List.copyOf(known.keySet());
  }

  TargetTopic of(String topic) {
    TargetTopic found = known.get(topic);
    if (found == null) {
      throw new IllegalStateException("topic was not ensured");
    }
    return found;
  }

  private synchronized void ensureAll(List<NewTopic> wanted) {
    Map<String, NewTopic> created = new LinkedHashMap<>();
    Map<String, NewTopic> missing = new LinkedHashMap<>();
    try {
      for (int from = 0; from < wanted.size(); from += TOPICS_A_REQUEST) {
        missing.clear();
        wanted
            .subList(from, Math.min(wanted.size(), from + TOPICS_A_REQUEST))
            .forEach(topic -> missing.put(topic.name(), topic));
        describe(missing);
        if (!missing.isEmpty()) {
          create(missing.values());
          created.putAll(missing);
        }
      }
      awaitDescription(created);
    } catch (ExecutionException e) {
      missing.putAll(created);
      throw KafkaErrors.translate(
          e, "preparing " + names(missing.keySet()), settings.bootstrapServers());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private void create(Collection<NewTopic> topics) throws ExecutionException, InterruptedException {
    List<String> created = new ArrayList<>();
    for (Map.Entry<String, KafkaFuture<Void>> result :
        admin.createTopics(topics).values().entrySet()) {
      try {
        result.getValue().get();
        created.add(result.getKey());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw KafkaErrors.translate(
              e, "creating topic " + result.getKey(), settings.bootstrapServers());
        }
      }
    }
    if (!created.isEmpty()) {
      log.info("Created {}.", names(created));
    }
  }

  private static String names(Collection<String> names) {
    return (names.size() == 1 ? "topic " : names.size() + " topics: ")
        + names.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "))
        + (names.size() > NAMES_SHOWN ? ", ..." : "");
  }

  // A topic that was just created is not known to every broker at once; a broker that has got
  // thousands to create takes its time.
  private void awaitDescription(Map<String, NewTopic> created)
      throws ExecutionException, InterruptedException {
    long deadline = System.nanoTime() + CREATION_NANOS;
    int before = created.size();
    while (!created.isEmpty()) {
      Map<String, NewTopic> some = new LinkedHashMap<>();
      created.entrySet().stream()
          .limit(TOPICS_A_REQUEST)
          .forEach(topic -> some.put(topic.getKey(), topic.getValue()));
      List<String> asked = List.copyOf(some.keySet());
      describe(some);
      asked.stream().filter(name -> !some.containsKey(name)).forEach(created::remove);
      if (created.size() < before) {
        before = created.size();
        deadline = System.nanoTime() + CREATION_NANOS;
      } else if (System.nanoTime() > deadline) {
        throw new BottledWaterException(
            ErrorCode.TOPIC_MISSING, "Created, but not there: " + names(created.keySet()) + ".");
      } else {
        Thread.sleep(50);
      }
    }
  }

  /** Takes out of {@code missing} what is there, and remembers it. */
  private void describe(Map<String, NewTopic> missing)
      throws ExecutionException, InterruptedException {
    Map<String, TopicDescription> described = new HashMap<>();
    for (Map.Entry<String, KafkaFuture<TopicDescription>> result :
        admin.describeTopics(missing.keySet()).topicNameValues().entrySet()) {
      try {
        described.put(result.getKey(), result.getValue().get());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw e;
        }
      }
    }
    List<ConfigResource> resources =
        described.keySet().stream()
            .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
            .toList();
    if (resources.isEmpty()) {
      return;
    }
    for (Map.Entry<ConfigResource, KafkaFuture<Config>> result :
        admin.describeConfigs(resources).values().entrySet()) {
      String name = result.getKey().name();
      try {
        String limit = result.getValue().get().get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value();
        TopicDescription description = described.get(name);
        if (description != null) {
          ids.put(name, description.topicId().toString());
          known.put(name, new TargetTopic(name, partitions(description), Integer.parseInt(limit)));
          missing.remove(name);
        }
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw e;
        }
      }
    }
  }

  private int partitions(TopicDescription description) {
    int found = description.partitions().size();
    int used = marks.partitions(description.name());
    if (used == 0 || used >= found) {
      return found;
    }
    log.warn(
        "Topic {} has {} partitions; the pump goes on using the {} that it had at first, so that"
            + " every key stays where it is.",
        description.name(),
        found,
        used);
    return used;
  }
}
