package io.bottledwater.e2e.campaign;

import io.bottledwater.failpoint.Failpoint;
import java.util.List;

/** Pumps that are wrong on purpose, and the rules of which at least one must find each out. */
enum Mutant {
  /** The control: wrapped like the others, but right. */
  NONE,
  /** Says that a commit is durable a while before it is. */
  EARLY_ACKNOWLEDGE(Rule.O7),
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

  /** Makes the situation in which this mutant differs from a pump that is right. */
  void provoke(Scene scene) {
    scene.mainClass(MutantMain.class.getName()).with("--mutant=" + name());
    scene.start();
    if (this == NOT_FENCED) {
      // Nobody ends the first one's open transaction, behind which readers wait for its return.
      PumpProcess zombie = scene.pump();
      zombie.suspend();
      scene.startPump().awaitStreaming();
      Scene.sleep(1000);
      zombie.resume();
      scene.recovered();
      zombie.kill9();
      return;
    }
    scene.awaitCommits(150);
    if (this == NOT_TRANSACTIONAL) {
      // Killed at random it is lucky most of the time.
      scene.pump().kill9();
      scene.startPump(Failpoint.SENT + ":20").awaitExit();
      scene.startPump();
      scene.recovered();
    }
    if (this == NONE || this == RECORDS_HELD_BACK) {
      for (int i = 0; i < scene.rounds(); i++) {
        scene.sleepBetween(100, 800);
        scene.pump().kill9();
        scene.startPump();
        scene.recovered();
      }
    }
  }
}
