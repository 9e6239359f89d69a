package io.bottledwater.e2e.campaign;

import io.bottledwater.failpoint.Failpoint;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;

/** Faults of the pump's own process. */
final class PumpFaults {
  private static final List<String> SNAPSHOT_FAILPOINTS =
      List.of(
          "SLOT_CREATED",
          "SNAPSHOT_PLANNED",
          "CHUNK_READ",
          "CHUNK_COMMITTED",
          "SNAPSHOT_READ",
          "SNAPSHOT_DONE");

  private PumpFaults() {}

  static void kill(Scene scene) {
    scene.start();
    for (int i = 0; i < scene.rounds(); i++) {
      scene.sleepBetween(100, 1500);
      scene.pump().kill9();
      scene.startPump();
      scene.recovered();
    }
  }

  static void failpoints(Scene scene) {
    Bank.enlarge(scene.database(), 15_000);
    scene.with("--snapshot-threads=2");
    scene.observe(false);
    scene.startLoad();
    for (String failpoint : SNAPSHOT_FAILPOINTS) {
      halt(scene, failpoint + ":1");
    }
    for (int i = 0; i < scene.rounds(); i++) {
      for (Failpoint failpoint : List.of(Failpoint.SENT, Failpoint.COMMITTED)) {
        // The first ones are passed by entries that have no change with them.
        halt(scene, failpoint + ":" + scene.random().nextInt(1, 30));
      }
    }
    scene.startPump();
    scene.recovered();
  }

  private static void halt(Scene scene, String failpoint) {
    int code = scene.startPump(failpoint).awaitExit();
    if (code != Failpoint.EXIT_CODE) {
      throw new AssertionError("halted at " + failpoint + " with " + code);
    }
  }

  static void zombie(Scene scene) {
    scene.with("--kafka-config=transaction.timeout.ms=5000").start();
    for (int i = 0; i < scene.rounds(); i++) {
      PumpProcess zombie = scene.pump();
      scene.sleepBetween(100, 1000);
      zombie.suspend();
      PumpProcess second = scene.startPump();
      second.awaitStreaming();
      scene.recovered();
      zombie.resume();
      // Fenced, it ends; had it nothing to write, it finds the lease gone and waits.
      scene.until(
          "the end of the zombie",
          () -> !zombie.isAlive() || zombie.printed("waiting to take over"));
      Scene.sleep(2000);
      zombie.kill9();
      scene.recovered();
    }
  }

  static void two(Scene scene) {
    scene.start();
    for (int i = 0; i < scene.rounds(); i++) {
      PumpProcess first = scene.pump();
      PumpProcess second = scene.startPump();
      second.awaitLine("waiting to take over");
      scene.awaitNew();
      if (!first.isAlive()) {
        scene.violations().add(Rule.OUTCOME, "the second pump ended the first");
      }
      first.kill9();
      scene.recovered();
    }
  }

  /** A begins first and commits last; B and C commit in between, and the slot is told of C. */
  static void interleaving(Scene scene) throws Exception {
    scene.start();
    for (int i = 0; i < scene.rounds(); i++) {
      try (Connection a = scene.database().open();
          Statement inA = a.createStatement();
          Connection b = scene.database().open();
          Statement inB = b.createStatement()) {
        inA.execute(Scene.transfer(0, 60));
        scene.awaitNew();
        inB.execute(Scene.transfer(60, 20) + "COMMIT");
        inA.execute("COMMIT");
        scene.sleepBetween(1, 40);
        scene.pump().kill9();
      }
      scene.startPump();
      scene.recovered();
    }
  }

  static void snapshotKills(Scene scene) {
    Bank.enlarge(scene.database(), 100_000);
    scene.with("--snapshot-threads=2");
    scene.observe(false);
    scene.startLoad();
    for (int i = 0; i < scene.rounds(); i++) {
      PumpProcess pump = scene.startPump();
      // A quick machine may have read all tables before the kills are over.
      pump.awaitLine("napshot|Streaming from");
      scene.sleepBetween(10, 600);
      pump.kill9();
    }
    scene.startPump().awaitStreaming();
    scene.recovered();
  }

  /**
   * Tables are read later than the rest, while a subtransaction is open whose id no snapshot shows;
   * the reading is interrupted and goes on after it has committed.
   */
  static void savepointInSnapshot(Scene scene) throws Exception {
    scene.observe(false);
    scene.with("--tables=public.ledger");
    scene.startPump().awaitStreaming();
    if (scene.pump().stop() != 0) {
      throw new AssertionError("the pump did not stop");
    }
    scene.with("--tables=public.*");
    try (Connection before = scene.database().open();
        Statement inBefore = before.createStatement();
        Connection during = scene.database().open();
        Statement inDuring = during.createStatement()) {
      // Holds up the reading until the other transaction has begun.
      inBefore.execute("BEGIN");
      inBefore.execute("SELECT pg_current_xact_id()");
      scene.startPump("CHUNK_READ:1").awaitLine("Added new table public.accounts_c");
      Scene.sleep(1500);
      inDuring.execute("BEGIN; SELECT pg_current_xact_id(); SAVEPOINT s");
      inDuring.execute(Scene.transfer(0, 5).replace("BEGIN;", ""));
      // Moves the next id beyond the savepoint's.
      scene.database().execute("SELECT pg_current_xact_id()");
      inBefore.execute("COMMIT");
      scene.pump().awaitExit();
      inDuring.execute("COMMIT");
    }
    scene.startPump().awaitStreaming();
    scene.startLoad();
    scene.recovered();
  }
}
