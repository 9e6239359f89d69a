package io.bottledwater.e2e.campaign;

import io.bottledwater.failpoint.Failpoint;
import java.sql.SQLException;
import java.util.List;

/** Pumps that are wrong on purpose, and the rules of which at least one must find each out. */
enum Mutant {
  /** The control: wrapped like the others, but right. */
  NONE,
  /** Says that a commit is durable a while before it is. */
  EARLY_ACKNOWLEDGE(Rule.O7),
  /** The control for AUTOMATIC_FLUSH: as slow, but right. */
  SLOW,
  /** Commits the position, and the records with the next position only. */
  RECORDS_HELD_BACK(Rule.O2, Rule.O3),
  FIRST_CHANGE_SKIPPED(Rule.O2, Rule.O3),
  /** Commits in the middle of a PostgreSQL transaction. */
  TRANSACTION_SPLIT(Rule.O4),
  RECORD_REPEATED(Rule.O2, Rule.O5),
  TRANSACTIONS_REORDERED(Rule.O5),
  /** Takes an unchanged value that is not in the WAL for NULL. */
  TOAST_AS_NULL(Rule.O1),
  /** Flushes records and position without a Kafka transaction. */
  NOT_TRANSACTIONAL(Rule.O2, Rule.O5),
  /** A new transactional id for every start. */
  NOT_FENCED(Rule.O2, Rule.O5, Rule.O7),
  /** Lets pgjdbc confirm the positions of keepalives. */
  AUTOMATIC_FLUSH(Rule.O7),
  /** Leaves out what commits before a snapshot, instead of what the snapshot sees. */
  CHUNK_FILTER_BY_LSN(Rule.O1, Rule.O2, Rule.O3),
  /** Writes all tables under the schema id that it got first. */
  SCHEMA_ID_REUSED(Rule.O1, Rule.O8);

  private final List<Rule> caughtBy;

  Mutant(Rule... caughtBy) {
    this.caughtBy = List.of(caughtBy);
  }

  List<Rule> caughtBy() {
    return caughtBy;
  }

  boolean isCaughtBy(Violations violations) {
    return caughtBy.stream().anyMatch(rule -> violations.count(rule) > 0);
  }

  /** Whether it is right. */
  boolean isControl() {
    return caughtBy.isEmpty();
  }

  /** Makes the situation in which this mutant differs from a pump that is right. */
  void provoke(Scene scene) throws SQLException {
    scene.mainClass(MutantMain.class.getName()).with("--mutant=" + name());
    switch (this) {
      case NOT_FENCED -> MutantScenes.wokenInCommit(scene);
      case AUTOMATIC_FLUSH, SLOW -> MutantScenes.keepaliveInsideOldTransaction(scene);
      case CHUNK_FILTER_BY_LSN -> VisibilityFaults.betweenStreamAndSnapshot(scene);
      case NOT_TRANSACTIONAL -> {
        started(scene);
        // Killed at random it is lucky most of the time.
        scene.pump().kill9();
        scene.startPump(Failpoint.SENT + ":20").awaitExit();
        scene.startPump();
        scene.recovered();
      }
      case NONE, RECORDS_HELD_BACK -> {
        started(scene);
        for (int i = 0; i < scene.rounds(); i++) {
          scene.sleepBetween(100, 800);
          scene.pump().kill9();
          scene.startPump();
          scene.recovered();
        }
      }
      default -> started(scene);
    }
  }

  private static void started(Scene scene) {
    scene.start();
    scene.awaitCommits(150);
  }
}
