package io.bottledwater.kafka.producer;

import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DescribeTransactionsRequest;
import org.apache.kafka.common.requests.DescribeTransactionsResponse;
import org.apache.kafka.common.requests.EndTxnRequest;
import org.apache.kafka.common.requests.EndTxnResponse;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorResponse;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.InitProducerIdResponse;
import org.jspecify.annotations.Nullable;

/**
 * Opens a producer's identity and ends its transactions, as brokers with transaction.version 2 do
 * it: partitions join by being written to, and each end gives the epoch of the next transaction, so
 * that a straggler of an ended one is turned away.
 *
 * <p>An end whose answer is lost is an error: whether it took effect is for the next session to
 * find out.
 *
 * <p>One thread. Source: KIP-98, KIP-360, KIP-664, KIP-890.
 */
final class TransactionCoordinator {
  private static final byte TRANSACTION = 1;

  // So long after its end a transaction is over for the brokers too, if they are well.
  private static final long SETTLING_MILLIS = 100;
  private static final int QUESTIONS_AT_ONCE = 5;

  // From farther away than this the next batch comes late enough by itself.
  private static final long FAR_MILLIS = 5;
  private static final int ENDS_UNASKED = 50;

  private final BrokerConnections brokers;
  private final ProducerIdentity identity;
  private final @Nullable String transactionalId;
  private final int transactionTimeoutMillis;
  private final long maxBlockMillis;
  private @Nullable Node coordinator;
  private long endedMillis;
  private boolean settled = true;
  private int endsUnasked;

  /**
   * @param transactionalId null for a producer that is idempotent only
   */
  TransactionCoordinator(
      BrokerConnections brokers,
      ProducerIdentity identity,
      @Nullable String transactionalId,
      int transactionTimeoutMillis,
      long maxBlockMillis) {
    this.brokers = brokers;
    this.identity = identity;
    this.transactionalId = transactionalId;
    this.transactionTimeoutMillis = transactionTimeoutMillis;
    this.maxBlockMillis = maxBlockMillis;
  }

  /** Gets an identity; with a transactional id this fences older ones and ends what they left. */
  void open() {
    long deadline = deadline();
    while (true) {
      InitProducerIdRequestData data =
          new InitProducerIdRequestData()
              .setTransactionalId(transactionalId)
              .setTransactionTimeoutMs(transactionTimeoutMillis)
              .setProducerId(-1)
              .setProducerEpoch((short) -1);
      Node node = transactionalId == null ? brokers.anyNode(deadline) : find(deadline);
      AbstractResponse answer;
      try {
        answer = brokers.ask(node, new InitProducerIdRequest.Builder(data), deadline);
      } catch (NotConnectedException | DisconnectException e) {
        retry(e, deadline);
        continue;
      }
      InitProducerIdResponseData opened = ((InitProducerIdResponse) answer).data();
      Errors error = Errors.forCode(opened.errorCode());
      if (error == Errors.NONE) {
        identity.set(opened.producerId(), opened.producerEpoch());
        return;
      }
      // Asking again only takes another epoch.
      retry(error.exception(), deadline);
    }
  }

  /** Commits or aborts the open transaction. */
  void end(boolean commit) {
    long deadline = deadline();
    while (true) {
      EndTxnRequestData data =
          new EndTxnRequestData()
              .setTransactionalId(transactionalId)
              .setProducerId(identity.id())
              .setProducerEpoch(identity.epoch())
              .setCommitted(commit);
      AbstractResponse answer;
      try {
        answer =
            brokers.ask(find(deadline), new EndTxnRequest.Builder(data, false, true), deadline);
      } catch (NotConnectedException e) {
        retry(e, deadline);
        continue;
      }
      EndTxnResponseData ended = ((EndTxnResponse) answer).data();
      Errors error = Errors.forCode(ended.errorCode());
      if (error == Errors.NONE) {
        if (ended.producerId() < 0) {
          throw new IllegalStateException("EndTxn gave no epoch for the next transaction");
        }
        identity.set(ended.producerId(), ended.producerEpoch());
        endedMillis = BrokerConnections.now();
        settled = false;
        return;
      }
      // The coordinator remembers an end that it has made, so that the same one again is answered
      // alike.
      retry(error.exception(), deadline);
    }
  }

  /**
   * Waits until the transaction before is over for the brokers too: when they answer its end they
   * have yet to write its markers. A batch of the next one that comes before is kept by the broker
   * for twenty milliseconds at a time ({@code add.partitions.to.txn.retry.backoff.ms}), and to ask
   * takes a fraction of one. What goes wrong here is left for that batch to meet.
   */
  void settle() {
    if (settled) {
      return;
    }
    settled = true;
    if (endsUnasked > 0) {
      endsUnasked--;
      return;
    }
    long deadline = endedMillis + SETTLING_MILLIS;
    long begun = BrokerConnections.now();
    int asked = 0;
    while (BrokerConnections.now() < deadline && isEnding(deadline)) {
      asked++;
      if (asked > QUESTIONS_AT_ONCE) {
        brokers.pause(1);
      }
    }
    if (asked == 0 && BrokerConnections.now() - begun > FAR_MILLIS) {
      endsUnasked = ENDS_UNASKED;
    }
  }

  private boolean isEnding(long deadline) {
    Node node = coordinator;
    if (node == null) {
      return false;
    }
    DescribeTransactionsRequestData data =
        new DescribeTransactionsRequestData().setTransactionalIds(List.of(transactionalId));
    try {
      AbstractResponse answer =
          brokers.askUntil(node, new DescribeTransactionsRequest.Builder(data), deadline);
      return answer != null
          && ((DescribeTransactionsResponse) answer)
              .data()
              .transactionStates()
              .get(0)
              .transactionState()
              .startsWith("Prepare");
    } catch (KafkaException e) {
      return false;
    }
  }

  // As with Kafka's own producer the largest number stands for no limit.
  private long deadline() {
    long now = BrokerConnections.now();
    return maxBlockMillis > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + maxBlockMillis;
  }

  private Node find(long deadline) {
    Node known = coordinator;
    while (known == null) {
      FindCoordinatorRequestData data =
          new FindCoordinatorRequestData().setKeyType(TRANSACTION).setKey(transactionalId);
      AbstractResponse answer;
      try {
        answer =
            brokers.ask(
                brokers.anyNode(deadline), new FindCoordinatorRequest.Builder(data), deadline);
      } catch (NotConnectedException | DisconnectException e) {
        retry(e, deadline);
        continue;
      }
      FindCoordinatorResponseData.Coordinator found =
          ((FindCoordinatorResponse) answer).coordinators().get(0);
      Errors error = Errors.forCode(found.errorCode());
      if (error == Errors.NONE) {
        known = new Node(found.nodeId(), found.host(), found.port());
      } else {
        retry(error.exception(), deadline);
      }
    }
    coordinator = known;
    return known;
  }

  private void retry(RuntimeException error, long deadline) {
    if (!(error instanceof RetriableException)) {
      throw error;
    }
    if (BrokerConnections.now() > deadline) {
      throw new TimeoutException("the transaction coordinator does not answer", error);
    }
    if (error instanceof CoordinatorNotAvailableException
        || error instanceof NotCoordinatorException
        || error instanceof NotConnectedException
        || error instanceof DisconnectException) {
      coordinator = null;
    }
    brokers.pause(brokers.retryBackoffMillis());
  }
}
