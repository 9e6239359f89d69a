package io.bottledwater.kafka.producer;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.Metadata;
import org.apache.kafka.common.internals.ClusterResourceListeners;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.utils.LogContext;

/** The cluster as a producer sees it: brokers, and of the topics it writes to the leaders. */
final class ProducedTopics extends Metadata {
  private final Set<String> topics = new LinkedHashSet<>();
  private final Set<String> unknown = new LinkedHashSet<>();

  ProducedTopics(long backoffMillis, long maxBackoffMillis, long expireMillis, LogContext log) {
    super(backoffMillis, maxBackoffMillis, expireMillis, log, new ClusterResourceListeners());
  }

  /** From now on this topic's leaders are asked for. */
  synchronized void add(String topic) {
    if (topics.add(topic)) {
      unknown.add(topic);
      requestUpdateForNewTopics();
    }
  }

  @Override
  protected synchronized MetadataRequest.Builder newMetadataRequestBuilder() {
    return request(topics);
  }

  // A thousand tables that are met one after the other must not cost a million answers.
  @Override
  protected synchronized MetadataRequest.Builder newMetadataRequestBuilderForNewTopics() {
    Set<String> present = fetch().topics();
    unknown.removeIf(present::contains);
    return request(unknown.isEmpty() ? topics : unknown);
  }

  private static MetadataRequest.Builder request(Set<String> names) {
    List<String> list = new ArrayList<>(names);
    return MetadataRequest.Builder.forTopicNames(list, false);
  }
}
