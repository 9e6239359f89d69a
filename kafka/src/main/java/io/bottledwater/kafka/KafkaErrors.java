package io.bottledwater.kafka;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidRequiredAcksException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.InvalidTxnTimeoutException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** Turns Kafka's exceptions into error codes. */
final class KafkaErrors {
  private static final int MAX_DEPTH = 8;

  private KafkaErrors() {}

  /**
   * @param doing what was being done, for instance {@code "writing to Kafka"}
   * @param brokers the bootstrap servers
   */
  static BottledWaterException translate(Throwable thrown, String doing, String brokers) {
    if (thrown instanceof BottledWaterException known) {
      return known;
    }
    Throwable e =
        thrown instanceof ExecutionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (has(e, ProducerFencedException.class)
        || has(e, InvalidProducerEpochException.class)
        || has(e, FencedInstanceIdException.class)) {
      return new BottledWaterException(
          ErrorCode.FENCED, "Kafka turned this pump away, " + doing + ".", e);
    }
    if (has(e, AuthenticationException.class)) {
      return new BottledWaterException(
          ErrorCode.KAFKA_REFUSED,
          "Kafka at " + brokers + " rejected the credentials.",
          "Check the sasl.* and ssl.* properties given with --kafka-config.",
          e);
    }
    if (has(e, AuthorizationException.class)) {
      return new BottledWaterException(
          ErrorCode.KAFKA_REFUSED,
          "Not authorized (" + e.getClass().getSimpleName() + ")" + topics(e) + ", " + doing + ".",
          e);
    }
    if (has(e, InvalidTopicException.class)) {
      return new BottledWaterException(
          ErrorCode.TOPIC_NAME,
          "Kafka does not allow the name, " + doing + ".",
          "A name may not differ from another topic's in dots against underscores only; use"
              + " --topic-prefix, or exclude the table.",
          e);
    }
    if (has(e, PolicyViolationException.class)) {
      return new BottledWaterException(
          ErrorCode.TOPIC_MISSING, "The cluster's policy forbids it, " + doing + ".", e);
    }
    if (has(e, RecordTooLargeException.class)) {
      return new BottledWaterException(
          ErrorCode.RECORD_REFUSED, "A record is too large, " + doing + ".", e);
    }
    if (has(e, InvalidRecordException.class)) {
      return new BottledWaterException(
          ErrorCode.RECORD_REFUSED,
          "The broker rejected a record, " + doing + ".",
          "A compacted topic takes no record without a key: if the table has lost its key, give it"
              + " another topic.",
          e);
    }
    if (has(e, InvalidTimestampException.class)) {
      return new BottledWaterException(
          ErrorCode.RECORD_REFUSED,
          "The broker rejected a record for its time, " + doing + ".",
          "Records carry the time of their commit. Set PostgreSQL's clock and the brokers' right, or"
              + " widen message.timestamp.after.max.ms and message.timestamp.before.max.ms of the"
              + " topic.",
          e);
    }
    if (has(e, InvalidTxnTimeoutException.class)
        || has(e, UnsupportedCompressionTypeException.class)
        || has(e, UnsupportedForMessageFormatException.class)
        || has(e, InvalidRequiredAcksException.class)
        || has(e, ConfigException.class)
        || has(e, InvalidReplicationFactorException.class)) {
      return new BottledWaterException(
          ErrorCode.KAFKA_CONFIG,
          "Kafka does not accept a setting (" + e.getClass().getSimpleName() + "), " + doing + ".",
          e);
    }
    if (has(e, UnsupportedVersionException.class)) {
      return new BottledWaterException(
          ErrorCode.KAFKA_REFUSED,
          "The brokers at " + brokers + " are too old, " + doing + ".",
          "Use --delivery=at-least-once, or newer brokers.",
          e);
    }
    if (e instanceof KafkaException || e instanceof java.util.concurrent.TimeoutException) {
      return new BottledWaterException(
          ErrorCode.KAFKA_UNREACHABLE,
          "Kafka at "
              + brokers
              + " does not answer ("
              + e.getClass().getSimpleName()
              + "), "
              + doing
              + ".",
          e);
    }
    return new BottledWaterException(ErrorCode.BUG, "Failed " + doing + ".", e);
  }

  private static String topics(Throwable thrown) {
    Throwable t = thrown;
    for (int depth = 0; t != null && depth < MAX_DEPTH; depth++) {
      if (t instanceof TopicAuthorizationException e && !e.unauthorizedTopics().isEmpty()) {
        return " for topic " + String.join(", ", e.unauthorizedTopics());
      }
      t = t.getCause();
    }
    return "";
  }

  private static boolean has(Throwable thrown, Class<? extends Throwable> type) {
    Throwable t = thrown;
    for (int depth = 0; t != null && depth < MAX_DEPTH; depth++) {
      if (type.isInstance(t)) {
        return true;
      }
      t = t.getCause();
    }
    return false;
  }
}
