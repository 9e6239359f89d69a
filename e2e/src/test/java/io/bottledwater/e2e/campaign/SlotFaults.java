package io.bottledwater.e2e.campaign;

import java.util.Map;

/** Slots that the server itself gives up. */
final class SlotFaults {
  private SlotFaults() {}

  /** The pump is stopped for longer than an unused slot may live; from PostgreSQL 18 on. */
  static void idleTimeout(Scene scene) {
    scene.on(PrimaryAndStandby.newServer(scene, 18, Map.of("idle_replication_slot_timeout", "1s")));
    scene.start();
    if (scene.pump().stop() != 0) {
      throw new AssertionError("the pump did not stop");
    }
    scene.stopSampling();
    scene.until(
        "the slot to be lost",
        () -> {
          scene.database().execute("CHECKPOINT");
          return isLost(scene);
        });
    scene.expectRefusal("BW-SLOT-LOST");
    if (!scene.pump().printed("idle_timeout")) {
      scene.violations().add(Rule.OUTCOME, "the reason was not named");
    }
  }

  /** The pump stands still while the server writes more WAL than it may keep for it. */
  static void lostWhileRunning(Scene scene) {
    scene.start();
    scene.stopSampling();
    scene.pump().suspend();
    try {
      scene
          .database()
          .execute("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'", "SELECT pg_reload_conf()");
      scene.until(
          "the slot to be lost",
          () -> {
            scene
                .database()
                .execute(
                    "SELECT pg_logical_emit_message(false, 'noise', repeat('x', 20000000)) IS NULL",
                    "SELECT pg_switch_wal()",
                    "CHECKPOINT");
            return isLost(scene);
          });
    } finally {
      scene
          .database()
          .execute("ALTER SYSTEM RESET max_slot_wal_keep_size", "SELECT pg_reload_conf()");
    }
    scene.pump().resume();
    scene.expectStop("BW-SLOT-LOST");
    scene.expectRefusal("BW-SLOT-LOST");
  }

  private static boolean isLost(Scene scene) {
    return scene
        .database()
        .query(
            "SELECT wal_status FROM pg_replication_slots WHERE slot_name = '" + scene.name() + "'")
        .contains("lost");
  }
}
