package io.bottledwater.e2e.campaign;

/** Faults while a backlog is read ahead of the stream. */
final class BacklogFaults {
  private BacklogFaults() {}

  /** The load goes on while no pump runs; the next one is killed before it is at the tip. */
  static void kill(Scene scene) {
    scene.start();
    for (int i = 0; i < scene.rounds(); i++) {
      scene.pump().kill9();
      scene.sleepBetween(500, 1500);
      // WAL that concerns nobody makes the backlog one that is worth reading ahead.
      scene
          .database()
          .execute(
              "SELECT pg_logical_emit_message(false, 'ballast', repeat('x', 1000000))"
                  + " FROM generate_series(1, 40)");
      scene.startPump().awaitLine("Catching up from");
      scene.sleepBetween(10, 300);
      scene.pump().kill9();
      scene.startPump();
      scene.recovered();
    }
  }
}
