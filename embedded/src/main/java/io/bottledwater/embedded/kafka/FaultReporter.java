package io.bottledwater.embedded.kafka;

import io.bottledwater.embedded.EmbeddedServerException;
import io.bottledwater.embedded.EmbeddedServerException.Reason;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import kafka.server.FaultHandlerFactory;
import org.apache.kafka.server.fault.FaultHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the first error that Kafka would end the process for, and tells the owner once.
 * Thread-safe.
 */
final class FaultReporter implements FaultHandlerFactory {
  private static final Logger LOG = LoggerFactory.getLogger(FaultReporter.class);

  private final AtomicReference<@Nullable EmbeddedServerException> first = new AtomicReference<>();
  private final Consumer<EmbeddedServerException> owner;
  private volatile boolean stopping;

  FaultReporter(Consumer<EmbeddedServerException> owner) {
    this.owner = owner;
  }

  @Override
  public FaultHandler build(String name, boolean fatal, Runnable action) {
    return (message, cause) -> {
      action.run();
      EmbeddedServerException fault =
          new EmbeddedServerException(
              Reason.FAULT,
              "Kafka met an error in its " + name + ". Its own log says more; restart it.",
              cause);
      if (fatal) {
        report(fault);
      } else {
        LOG.warn("Kafka met an error in its {} and goes on", name, cause);
      }
      return fault;
    };
  }

  void report(EmbeddedServerException fault) {
    if (!first.compareAndSet(null, fault) || stopping) {
      return;
    }
    LOG.error("Kafka cannot go on", fault);
    // Not on Kafka's thread: an owner that stops the broker would wait for that very thread.
    Thread thread = new Thread(() -> owner.accept(fault), "embedded-kafka-fault");
    thread.setDaemon(true);
    thread.start();
  }

  /** From now on errors are the stop's own, and of no interest to the owner. */
  void stopping() {
    stopping = true;
  }

  Optional<EmbeddedServerException> fault() {
    return Optional.ofNullable(first.get());
  }
}
