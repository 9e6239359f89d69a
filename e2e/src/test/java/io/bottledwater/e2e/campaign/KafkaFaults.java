package io.bottledwater.e2e.campaign;

/** Faults of the broker. */
final class KafkaFaults {
  private KafkaFaults() {}

  static void kill(Scene scene) {
    scene.start();
    for (int i = 0; i < scene.rounds(); i++) {
      scene.sleepBetween(500, 2000);
      scene.broker().kill9();
      scene.broker().start();
      scene.recovered();
    }
  }

  /** The first time a moment, then 45 seconds: longer than requests may take. */
  static void suspend(Scene scene) {
    scene.start();
    for (int i = 0; i < scene.rounds(); i++) {
      scene.sleepBetween(500, 2000);
      scene.broker().suspend();
      Scene.sleep(i == 0 ? 6_000 : 45_000);
      scene.broker().resume();
      scene.recovered();
    }
  }
}
