package io.bottledwater.failpoint;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Places where a crash is most likely to show a flaw. The system property {@code
 * bottledwater.failpoint=NAME:N} halts the process when the place is passed for the Nth time;
 * without it passing costs a comparison.
 */
public enum Failpoint {
  /** The slot exists, nothing has been recorded of it. */
  SLOT_CREATED,
  /** The plan of a snapshot is recorded, no row has been read. */
  SNAPSHOT_PLANNED,
  /** A chunk's rows have been offered, not committed. */
  CHUNK_READ,
  /** A chunk has been committed. */
  CHUNK_COMMITTED,
  /** All chunks are committed, the tables are not yet recorded as done. */
  SNAPSHOT_READ,
  /** Tables are recorded as done. */
  SNAPSHOT_DONE,
  /**
   * The brokers have the records of a transaction. With Kafka transactions they have the position,
   * too, and nothing is committed; without, the position is not written yet.
   */
  SENT,
  /** The sink has committed, PostgreSQL does not know. */
  COMMITTED;

  /** The exit code of a process that was halted here. */
  public static final int EXIT_CODE = 137;

  private static final String ARMED = System.getProperty("bottledwater.failpoint", "");

  private final AtomicInteger passed = new AtomicInteger();

  /** Goes on, or ends the process. */
  public void pass() {
    if (!ARMED.isEmpty()) {
      haltIfArmed();
    }
  }

  private void haltIfArmed() {
    int colon = ARMED.indexOf(':');
    String name = colon < 0 ? ARMED : ARMED.substring(0, colon);
    int wanted = colon < 0 ? 1 : Integer.parseInt(ARMED.substring(colon + 1));
    if (name.toUpperCase(Locale.ROOT).equals(name()) && passed.incrementAndGet() == wanted) {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }
}
