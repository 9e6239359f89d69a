package io.bottledwater.kafka.producer;

import io.bottledwater.kafka.producer.PartitionBatches.Pending;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.ClientResponse;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidMetadataException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.jspecify.annotations.Nullable;

/**
 * Sends sealed batches to the leaders of their partitions, several requests to a broker at a time,
 * each with one batch of a partition, and sorts the answers. An error that may pass leads to
 * another attempt, with the same sequence, until {@code delivery.timeout.ms} is over; any other
 * ends the producer.
 *
 * <p>One thread.
 */
final class BatchSender {
  private static final short ALL_IN_SYNC = -1;

  // Of a request, beside its batches: names and lengths for each partition.
  private static final int PARTITION_OVERHEAD_BYTES = 300;

  private static final long POLL_MILLIS = 100;

  // The transaction before this one is still being completed: a matter of milliseconds.
  private static final long CONCURRENT_MILLIS = 2;

  private final BrokerConnections brokers;
  private final BatchMemory memory;
  private final @Nullable String transactionalId;
  private final int maxRequestBytes;
  private final long deliveryTimeoutMillis;
  private final Set<PartitionBatches> active = new LinkedHashSet<>();
  private final Map<String, Uuid> topicIds = new HashMap<>();
  private @Nullable RuntimeException failure;

  BatchSender(
      BrokerConnections brokers,
      BatchMemory memory,
      @Nullable String transactionalId,
      int maxRequestBytes,
      long deliveryTimeoutMillis) {
    this.brokers = brokers;
    this.memory = memory;
    this.transactionalId = transactionalId;
    this.maxRequestBytes = maxRequestBytes;
    this.deliveryTimeoutMillis = deliveryTimeoutMillis;
  }

  /** The partition has a sealed batch to be sent. */
  void add(PartitionBatches partition) {
    active.add(partition);
  }

  /** Whether all that was sealed has been acknowledged. */
  boolean isIdle() {
    return active.isEmpty();
  }

  /**
   * Sends what can be sent and takes the answers that have come.
   *
   * @param wait whether to wait for something to happen, a tenth of a second at most
   */
  void run(boolean wait) {
    sendReady();
    brokers.poll(wait ? waitMillis() : 0);
    RuntimeException failed = failure;
    if (failed != null) {
      throw failed;
    }
    if (wait) {
      sendReady();
    }
  }

  // Until the next attempt is due, if no answer comes before.
  private long waitMillis() {
    long now = BrokerConnections.now();
    long wait = POLL_MILLIS;
    for (PartitionBatches partition : active) {
      wait = Math.min(wait, partition.millisToRetry(now));
    }
    return Math.max(1, wait);
  }

  private void sendReady() {
    boolean again = true;
    while (again) {
      again = false;
      long now = BrokerConnections.now();
      Map<Integer, Draft> drafts = new HashMap<>();
      for (PartitionBatches partition : active) {
        Pending batch = partition.next(now);
        if (batch != null) {
          again |= draft(partition, batch, drafts, now);
        }
      }
      for (Draft draft : drafts.values()) {
        send(draft);
      }
    }
  }

  // Each partition gets one batch into each request; the next round sees to its next.
  private boolean draft(
      PartitionBatches partition, Pending batch, Map<Integer, Draft> drafts, long now) {
    checkTrouble(partition, now);
    Node leader = brokers.leader(partition.partition());
    if (leader == null) {
      partition.troubled(now);
      return false;
    }
    Draft draft = drafts.get(leader.id());
    if (draft == null) {
      if (!brokers.isReady(leader)) {
        if (!brokers.isAwaitingAnswersOf(leader)) {
          partition.troubled(now);
        }
        return false;
      }
      draft = new Draft(leader);
      drafts.put(leader.id(), draft);
    }
    int size = batch.batch.size() + PARTITION_OVERHEAD_BYTES;
    if (draft.bytes > 0 && draft.bytes + size > maxRequestBytes) {
      return true;
    }
    draft.bytes += size;
    draft.batches.put(partition.partition(), new Sent(partition, batch));
    partition.sent(batch);
    return true;
  }

  private void checkTrouble(PartitionBatches partition, long now) {
    if (partition.troubledMillis(now) > deliveryTimeoutMillis) {
      throw new TimeoutException(
          "nothing could be written to "
              + partition.partition()
              + " for "
              + deliveryTimeoutMillis
              + " ms");
    }
  }

  private void send(Draft draft) {
    ProduceRequestData data =
        new ProduceRequestData()
            .setTransactionalId(transactionalId)
            .setAcks(ALL_IN_SYNC)
            .setTimeoutMs(brokers.requestTimeoutMillis());
    for (Sent sent : draft.batches.values()) {
      String topic = sent.partition.partition().topic();
      Uuid id = topicId(topic);
      TopicProduceData entry = data.topicData().find(topic, id);
      if (entry == null) {
        entry = new TopicProduceData().setName(topic).setTopicId(id);
        data.topicData().add(entry);
        draft.topics.put(id, topic);
      }
      entry
          .partitionData()
          .add(
              new PartitionProduceData()
                  .setIndex(sent.partition.partition().partition())
                  .setRecords(MemoryRecords.readableRecords(sent.batch.batch.sealed())));
    }
    brokers.send(
        draft.leader, ProduceRequest.builder(data, false), response -> receive(draft, response));
  }

  // Records must not go on into a topic that was deleted and created again.
  private Uuid topicId(String topic) {
    Uuid id = brokers.topicId(topic);
    Uuid before = topicIds.putIfAbsent(topic, id);
    if (before != null && !before.equals(id)) {
      throw new KafkaException("topic " + topic + " was deleted and created again");
    }
    return id;
  }

  // The network client would log and forget what a handler throws.
  private void receive(Draft draft, ClientResponse response) {
    try {
      BrokerConnections.throwIfUnanswerable(response);
      if (response.hasResponse()) {
        ProduceResponseData data = ((ProduceResponse) response.responseBody()).data();
        for (TopicProduceResponse topic : data.responses()) {
          String name = topic.name().isEmpty() ? draft.topics.get(topic.topicId()) : topic.name();
          for (PartitionProduceResponse partition : topic.partitionResponses()) {
            Sent sent = draft.batches.remove(new TopicPartition(name, partition.index()));
            if (sent == null) {
              throw new IllegalStateException("an answer for a batch that was not sent");
            }
            take(sent, partition);
          }
        }
        if (!draft.batches.isEmpty()) {
          throw new IllegalStateException("a batch was sent and not answered");
        }
      } else {
        long now = BrokerConnections.now();
        for (Sent sent : draft.batches.values()) {
          sent.partition.failed(sent.batch, now, brokers.retryBackoffMillis());
        }
        brokers.leadersChanged();
      }
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void take(Sent sent, PartitionProduceResponse answer) {
    PartitionBatches partition = sent.partition;
    Errors error = Errors.forCode(answer.errorCode());
    switch (error) {
      case NONE, DUPLICATE_SEQUENCE_NUMBER -> acknowledged(sent);
      case CONCURRENT_TRANSACTIONS ->
          partition.failed(sent.batch, BrokerConnections.now(), CONCURRENT_MILLIS);
      case OUT_OF_ORDER_SEQUENCE_NUMBER -> {
        // If the one before it has failed, this one had to. The first may be a batch that a broker
        // has already but, having just started, does not recognise: that is not for us to guess.
        if (partition.isFirst(sent.batch)) {
          fail(error.exception());
        } else {
          again(sent);
        }
      }
      case CORRUPT_MESSAGE -> fail(error.exception());
      case MESSAGE_TOO_LARGE -> fail(tooLarge(sent, error));
      case TOPIC_AUTHORIZATION_FAILED ->
          fail(new TopicAuthorizationException(Set.of(partition.partition().topic())));
      default -> {
        if (!(error.exception() instanceof RetriableException)) {
          fail(error.exception(answer.errorMessage()));
        } else {
          again(sent);
          if (error.exception() instanceof InvalidMetadataException) {
            brokers.leadersChanged();
          }
        }
      }
    }
  }

  // The topic's limit was larger when it was looked at: the next session looks again.
  private static RuntimeException tooLarge(Sent sent, Errors error) {
    return sent.batch.batch.count() == 1
        ? error.exception()
        : new KafkaException(
            "the size limit of topic " + sent.partition.partition().topic() + " has changed");
  }

  private void again(Sent sent) {
    sent.partition.failed(sent.batch, BrokerConnections.now(), brokers.retryBackoffMillis());
  }

  private void acknowledged(Sent sent) {
    sent.partition.acknowledged(sent.batch);
    memory.giveBack(sent.batch.batch.bytes());
    if (sent.partition.pending() == 0) {
      active.remove(sent.partition);
    }
  }

  private void fail(RuntimeException e) {
    if (failure == null) {
      failure = e;
    }
  }

  private record Sent(PartitionBatches partition, Pending batch) {}

  /** A request. */
  private static final class Draft {
    final Node leader;
    final Map<TopicPartition, Sent> batches = new HashMap<>();
    final Map<Uuid, String> topics = new HashMap<>();
    int bytes;

    Draft(Node leader) {
      this.leader = leader;
    }
  }
}
