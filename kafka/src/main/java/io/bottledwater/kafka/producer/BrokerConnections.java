package io.bottledwater.kafka.producer;

import java.util.Optional;
import org.apache.kafka.clients.ApiVersions;
import org.apache.kafka.clients.ClientResponse;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.NetworkClient;
import org.apache.kafka.clients.RequestCompletionHandler;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's own network client, with its connections, TLS, SASL, protocol versions and metadata,
 * driven by the thread that writes: no other thread, no hand-over between threads. Nothing moves
 * but in {@link #poll}.
 *
 * <p>One thread.
 */
final class BrokerConnections implements AutoCloseable {
  private static final long POLL_MILLIS = 100;

  private final ProducedTopics metadata;
  private final Metrics metrics = new Metrics(Time.SYSTEM);
  private final NetworkClient client;
  private final int requestTimeoutMillis;
  private final long retryBackoffMillis;

  BrokerConnections(ProducerConfig config) {
    LogContext log = new LogContext();
    requestTimeoutMillis = config.getInt(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG);
    retryBackoffMillis = config.getLong(ProducerConfig.RETRY_BACKOFF_MS_CONFIG);
    metadata =
        new ProducedTopics(
            retryBackoffMillis,
            config.getLong(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG),
            config.getLong(ProducerConfig.METADATA_MAX_AGE_CONFIG),
            log);
    metadata.bootstrap(ClientUtils.parseAndValidateAddresses(config));
    client =
        ClientUtils.createNetworkClient(
            config,
            metrics,
            "producer",
            log,
            new ApiVersions(),
            Time.SYSTEM,
            config.getInt(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION),
            metadata,
            null,
            null);
  }

  int requestTimeoutMillis() {
    return requestTimeoutMillis;
  }

  long retryBackoffMillis() {
    return retryBackoffMillis;
  }

  /** Leaders of this topic will be needed. */
  void add(String topic) {
    metadata.add(topic);
  }

  /** Null when it is not known; then it has been asked for. */
  @Nullable Node leader(TopicPartition partition) {
    Optional<Node> leader = metadata.currentLeader(partition).leader;
    if (leader.isEmpty()) {
      metadata.requestUpdate(false);
      return null;
    }
    return leader.get();
  }

  /** Zero for brokers that have no topic ids. */
  Uuid topicId(String topic) {
    return metadata.topicIds().getOrDefault(topic, Uuid.ZERO_UUID);
  }

  /** What is known of the leaders has turned out to be wrong. */
  void leadersChanged() {
    metadata.requestUpdate(false);
  }

  /** Whether a request can be sent at once; if there is no connection it is begun. */
  boolean isReady(Node node) {
    return client.ready(node, now());
  }

  boolean isAwaitingAnswersOf(Node node) {
    return client.hasInFlightRequests(node.idString());
  }

  /** Sends to a node that is ready; the handler is called in {@link #poll}. */
  void send(Node node, AbstractRequest.Builder<?> request, RequestCompletionHandler handler) {
    long now = now();
    client.send(
        client.newClientRequest(node.idString(), request, now, true, requestTimeoutMillis, handler),
        now);
  }

  /**
   * Moves bytes and calls handlers; returns when something has happened.
   *
   * @param waitMillis for how long to wait for that; 0 to return at once
   */
  void poll(long waitMillis) {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptException("interrupted while waiting for Kafka");
    }
    client.poll(waitMillis, now());
    metadata.maybeThrowAnyException();
  }

  /** Waits, but does not let answers that come meanwhile wait. */
  void pause(long millis) {
    long end = now() + millis;
    for (long left = millis; left > 0; left = end - now()) {
      poll(left);
    }
  }

  /** Any broker that can be asked now. */
  Node anyNode(long deadlineMillis) {
    while (true) {
      Node node = client.leastLoadedNode(now()).node();
      if (node != null && isReady(node)) {
        return node;
      }
      checkDeadline(deadlineMillis, "no broker answers");
      poll(POLL_MILLIS);
    }
  }

  /**
   * Asks and waits for the answer.
   *
   * @throws NotConnectedException when nothing was sent
   * @throws DisconnectException when the answer was lost
   */
  AbstractResponse ask(Node node, AbstractRequest.Builder<?> request, long deadlineMillis) {
    while (!isReady(node)) {
      AuthenticationException refused = client.authenticationException(node);
      if (refused != null) {
        throw refused;
      }
      if (client.connectionFailed(node)) {
        throw new NotConnectedException(node);
      }
      checkDeadline(deadlineMillis, "broker " + node.idString() + " does not answer");
      poll(POLL_MILLIS);
    }
    ClientResponse response = null;
    Answer answer = new Answer();
    send(node, request, answer);
    while (response == null) {
      poll(POLL_MILLIS);
      response = answer.response;
    }
    return bodyOf(response, node);
  }

  /** Asks, and does without an answer that has not come when the time is over. */
  @Nullable AbstractResponse askUntil(
      Node node, AbstractRequest.Builder<?> request, long deadlineMillis) {
    if (!isReady(node)) {
      return null;
    }
    Answer answer = new Answer();
    send(node, request, answer);
    ClientResponse response = null;
    while (response == null) {
      long left = deadlineMillis - now();
      if (left <= 0) {
        return null;
      }
      poll(Math.min(left, POLL_MILLIS));
      response = answer.response;
    }
    return bodyOf(response, node);
  }

  private static AbstractResponse bodyOf(ClientResponse response, Node node) {
    throwIfUnanswerable(response);
    if (!response.hasResponse()) {
      throw new DisconnectException("the answer of broker " + node.idString() + " was lost");
    }
    return response.responseBody();
  }

  /** Errors for which asking again is of no use. */
  static void throwIfUnanswerable(ClientResponse response) {
    UnsupportedVersionException version = response.versionMismatch();
    if (version != null) {
      throw version;
    }
    if (response.authenticationException() != null) {
      throw response.authenticationException();
    }
  }

  private static void checkDeadline(long deadlineMillis, String found) {
    if (now() > deadlineMillis) {
      throw new TimeoutException(found);
    }
  }

  static long now() {
    return Time.SYSTEM.milliseconds();
  }

  @Override
  public void close() {
    client.close();
    metadata.close();
    metrics.close();
  }

  private static final class Answer implements RequestCompletionHandler {
    @Nullable ClientResponse response;

    @Override
    public void onComplete(ClientResponse received) {
      response = received;
    }
  }
}
