package io.bottledwater.kafka.producer;

import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.RetriableException;

/** There is no connection, so the broker has not been asked anything. */
final class NotConnectedException extends RetriableException {
  private static final long serialVersionUID = 1L;

  NotConnectedException(Node node) {
    super("there is no connection to broker " + node.idString());
  }
}
