package io.bottledwater.encode;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.postgres.Relation;
import io.bottledwater.record.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers the schemas and opens the topics of relations ahead of their first row. A registry is
 * asked twice for each table, and its answers take their time: several at once, while the brokers
 * make the topics of tables before.
 */
final class Preparation {
  private static final int PARALLEL_PLANS = 32;
  private static final int TOPICS_AT_ONCE = 200;
  private static final long END_SECONDS = 5;
  private static final Logger log = LoggerFactory.getLogger(Preparation.class);

  private final EncoderSettings settings;
  private final TopicOpener opener;

  Preparation(EncoderSettings settings, TopicOpener opener) {
    this.settings = settings;
    this.opener = opener;
  }

  void of(List<Relation> relations) {
    ExecutorService workers =
        Executors.newFixedThreadPool(Math.max(1, Math.min(PARALLEL_PLANS, relations.size())));
    ExecutorService opening = Executors.newSingleThreadExecutor();
    try {
      List<Future<@Nullable Topic>> plans = new ArrayList<>();
      for (Relation relation : relations) {
        plans.add(workers.submit(() -> topicAhead(relation)));
      }
      List<Future<?>> opened = new ArrayList<>();
      List<Topic> batch = new ArrayList<>();
      for (Future<@Nullable Topic> plan : plans) {
        Topic topic = plan.get();
        if (topic != null) {
          batch.add(topic);
        }
        if (batch.size() == TOPICS_AT_ONCE) {
          List<Topic> whole = List.copyOf(batch);
          opened.add(opening.submit(() -> opener.ensureTopics(whole)));
          batch.clear();
        }
      }
      opened.add(opening.submit(() -> opener.ensureTopics(batch)));
      for (Future<?> result : opened) {
        result.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BottledWaterException(
          ErrorCode.KAFKA_UNREACHABLE, "Interrupted while topics and schemas were prepared.", e);
    } finally {
      workers.shutdownNow();
      opening.shutdownNow();
      awaitEnd(opening);
    }
  }

  // The brokers' client is about to be closed.
  private static void awaitEnd(ExecutorService opening) {
    try {
      if (!opening.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
        log.debug("Topics are still being opened.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable Topic topicAhead(Relation relation) {
    RelationPlan plan = RelationPlan.compileAhead(relation, settings);
    return plan == null ? null : plan.topic();
  }
}
