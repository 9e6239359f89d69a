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
  private @Nullable RegistryError refusal;
  private long offset;
  private boolean decided;

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
    try {
      SchemaLog.Outcome<T> found = decision.decide(state);
      found.entries().forEach(state::apply);
      entries.addAll(found.entries());
      outcome = found;
    } catch (RegistryError e) {
      refusal = e;
    }
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
    RegistryError refused = refusal;
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
