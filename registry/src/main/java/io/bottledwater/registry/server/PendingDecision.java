package io.bottledwater.registry.server;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decision that waits for its turn, and what has become of it. Whoever holds the log's lock
 * decides; the one who waits reads the result when it has held the lock itself.
 */
final class PendingDecision<T> {
  private final SchemaLog.Decision<T> decision;
  private final long deadline;
  private SchemaLog.@Nullable Outcome<T> outcome;
  private @Nullable RuntimeException refusal;
  private long offset;
  private boolean decided;
  private volatile boolean abandoned;

  /**
   * @param deadline of {@code System.nanoTime()}
   */
  PendingDecision(SchemaLog.Decision<T> decision, long deadline) {
    this.decision = decision;
    this.deadline = deadline;
  }

  /** Decides, or decides again, and applies and collects what follows. */
  void decide(RegistryState state, List<LogEntry> entries) {
    outcome = null;
    refusal = null;
    SchemaLog.Outcome<T> found;
    try {
      found = decision.decide(state);
    } catch (RuntimeException e) {
      refusal = e;
      return;
    } catch (StackOverflowError e) {
      // A schema can be nested as deeply as it likes, and the others are not to suffer for it.
      refusal = RegistryError.invalidSchema("it is nested too deeply");
      return;
    }
    found.entries().forEach(state::apply);
    entries.addAll(found.entries());
    outcome = found;
  }

  /** Nobody waits for it any more: if it is not being written already, it must not be. */
  void abandon() {
    abandoned = true;
  }

  boolean isAbandoned() {
    return abandoned;
  }

  /** The decision stands once everything before that offset has been read back. */
  void committed(long behind) {
    offset = behind;
    decided = true;
  }

  void refuse(RegistryError error) {
    refusal = error;
    decided = true;
  }

  boolean isDecided() {
    return decided;
  }

  long deadline() {
    return deadline;
  }

  long offset() {
    return offset;
  }

  /**
   * @throws RegistryError when the request was refused
   */
  T answer() {
    RuntimeException refused = refusal;
    if (refused != null) {
      throw refused;
    }
    SchemaLog.Outcome<T> found = outcome;
    if (found == null) {
      throw new IllegalStateException("not decided");
    }
    return found.answer();
  }
}
