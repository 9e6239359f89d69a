package io.bottledwater.kafka;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.sink.StateEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers of each topic its id and how far its partitions reached, so that a topic that was
 * deleted, recreated or truncated is noticed: the rows in it are gone, and the stream alone would
 * never bring them back. The id is marked before the first row; marks are taken again every ten
 * seconds by a thread of their own, and written with the stream's next commit. Of more than five
 * hundred topics, as many are looked at each time, in turn.
 *
 * <p>A mark also remembers how many partitions the topic had at first. Keys stay in these, however
 * many are added: a key that moved would have its records in two partitions, in no order, and
 * compaction would never remove the older ones.
 *
 * <p>State entries: key {@code topic/NAME}, fields {@code id}, {@code partitions} and the end
 * offset of each partition.
 */
final class TopicMarks implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TopicMarks.class);
  private static final String KEY = "topic/";
  private static final String ID = "id";
  private static final String PARTITIONS = "partitions";
  private static final long INTERVAL_MILLIS = 10_000;
  private static final int TOPICS_A_REQUEST = 500;

  private final Admin admin;
  private final KafkaSinkSettings settings;
  private final Set<String> topics = ConcurrentHashMap.newKeySet();
  private final Map<String, StateEntry> written = new ConcurrentHashMap<>();
  private final Map<String, StateEntry> pending = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile @Nullable BottledWaterException changed;

  TopicMarks(Admin admin, KafkaSinkSettings settings) {
    this.admin = admin;
    this.settings = settings;
    this.thread = new Thread(this::run, "bw-topic-marks");
    this.thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /**
   * The pump is going to write to this topic.
   *
   * @throws BottledWaterException {@code BW-TOPIC-CHANGED} when it is not the one that is marked
   */
  void add(String topic, String id, int partitions) {
    if (!topics.add(topic)) {
      return;
    }
    StateEntry first = new StateEntry(KEY + topic, Map.of(ID, id, PARTITIONS, "" + partitions));
    StateEntry before = written.get(first.key());
    if (before == null) {
      pending.put(first.key(), first);
    } else if (!id.equals(before.fields().get(ID))) {
      throw recreated(topic);
    }
  }

  /** How many partitions of the topic the pump uses; 0 when it has not written to it yet. */
  int partitions(String topic) {
    StateEntry mark = written.get(KEY + topic);
    if (mark == null) {
      return 0;
    }
    String recorded = mark.fields().get(PARTITIONS);
    return recorded == null ? mark.fields().size() - 1 : Integer.parseInt(recorded);
  }

  /** Marks that are new since the last call; they are to be committed now. */
  List<StateEntry> take() {
    BottledWaterException found = changed;
    if (found != null) {
      throw found;
    }
    if (pending.isEmpty()) {
      return List.of();
    }
    List<StateEntry> entries = new ArrayList<>();
    for (String key : pending.keySet()) {
      StateEntry entry = pending.remove(key);
      if (entry != null) {
        entries.add(entry);
        written.put(key, entry);
      }
    }
    return entries;
  }

  /**
   * Compares recorded marks with the topics as they are.
   *
   * @throws BottledWaterException {@code BW-TOPIC-CHANGED}
   */
  void verify(Map<String, StateEntry> state) {
    List<String> recorded =
        state.keySet().stream()
            .filter(key -> key.startsWith(KEY))
            .map(key -> key.substring(KEY.length()))
            .sorted()
            .toList();
    for (int from = 0; from < recorded.size(); from += TOPICS_A_REQUEST) {
      List<String> names =
          recorded.subList(from, Math.min(recorded.size(), from + TOPICS_A_REQUEST));
      try {
        Map<String, StateEntry> now = look(names);
        for (String name : names) {
          StateEntry before = state.get(KEY + name);
          if (before != null) {
            compare(name, before, now.get(KEY + name));
            written.put(before.key(), before);
          }
        }
      } catch (ExecutionException e) {
        throw KafkaErrors.translate(e, "checking the topics", settings.bootstrapServers());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new BottledWaterException(
            ErrorCode.KAFKA_UNREACHABLE, "Interrupted while checking the topics.", e);
      }
    }
  }

  private static BottledWaterException recreated(String name) {
    return new BottledWaterException(
        ErrorCode.TOPIC_CHANGED, "Topic " + name + " has been deleted and created again.");
  }

  private static void compare(String name, StateEntry before, @Nullable StateEntry now) {
    if (now == null) {
      throw new BottledWaterException(
          ErrorCode.TOPIC_CHANGED, "Topic " + name + " has been deleted.");
    }
    before
        .fields()
        .forEach(
            (field, value) -> {
              String current = now.fields().get(field);
              if (field.equals(ID)) {
                if (!value.equals(current)) {
                  throw recreated(name);
                }
              } else if (field.equals(PARTITIONS)) {
                // What the pump uses; there may be more.
                return;
              } else if (current == null || Long.parseLong(current) < Long.parseLong(value)) {
                throw new BottledWaterException(
                    ErrorCode.TOPIC_CHANGED,
                    "Partition "
                        + field
                        + " of topic "
                        + name
                        + " ended at offset "
                        + value
                        + " and now ends at "
                        + current
                        + ".");
              }
            });
  }

  private void run() {
    try {
      List<String> round = List.of();
      while (true) {
        Thread.sleep(INTERVAL_MILLIS);
        if (round.isEmpty()) {
          round = List.copyOf(topics);
        }
        // A share of them where there are thousands, so that an idle pump stays idle.
        int count = Math.min(round.size(), TOPICS_A_REQUEST);
        mark(round.subList(0, count));
        round = round.subList(count, round.size());
      }
    } catch (InterruptedException e) {
      // Closing.
    }
  }

  private void mark(List<String> names) throws InterruptedException {
    try {
      Map<String, StateEntry> found = look(names);
      for (String name : names) {
        String key = KEY + name;
        StateEntry before = written.get(key);
        StateEntry entry = found.get(key);
        if (before != null && changed == null && !before.equals(entry)) {
          compareNoting(name, before, entry);
        }
        // The new mark must not take the place of the old one: the next start would find all well.
        // The writer may have asked for changes already, and be about to take what is pending.
        if (changed == null && entry != null && !entry.equals(before)) {
          pending.put(key, entry);
        }
      }
    } catch (ExecutionException e) {
      // The next round may succeed; a broker that stays away is for the writer to notice.
      log.debug("Topics could not be looked at.");
    }
  }

  private void compareNoting(String name, StateEntry before, @Nullable StateEntry now) {
    try {
      compare(name, before, now);
    } catch (BottledWaterException e) {
      changed = e;
    }
  }

  private Map<String, StateEntry> look(List<String> names)
      throws ExecutionException, InterruptedException {
    Map<String, TopicDescription> descriptions = new HashMap<>();
    for (var future : admin.describeTopics(names).topicNameValues().entrySet()) {
      try {
        descriptions.put(future.getKey(), future.getValue().get(30, TimeUnit.SECONDS));
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw e;
        }
      } catch (java.util.concurrent.TimeoutException e) {
        throw new ExecutionException(e);
      }
    }
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    descriptions.forEach(
        (name, description) ->
            description
                .partitions()
                .forEach(
                    p -> ends.put(new TopicPartition(name, p.partition()), OffsetSpec.latest())));
    Map<TopicPartition, ListOffsetsResultInfo> offsets = admin.listOffsets(ends).all().get();
    Map<String, Map<String, String>> fields = new HashMap<>();
    offsets.forEach(
        (partition, end) ->
            fields
                .computeIfAbsent(partition.topic(), topic -> new HashMap<>())
                .put(Integer.toString(partition.partition()), Long.toString(end.offset())));
    return descriptions.entrySet().stream()
        .collect(
            Collectors.toMap(
                topic -> KEY + topic.getKey(),
                topic -> {
                  Map<String, String> values = fields.getOrDefault(topic.getKey(), new HashMap<>());
                  values.put(ID, topic.getValue().topicId().toString());
                  int used = partitions(topic.getKey());
                  values.put(
                      PARTITIONS, "" + (used > 0 ? used : topic.getValue().partitions().size()));
                  return new StateEntry(KEY + topic.getKey(), values);
                }));
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
