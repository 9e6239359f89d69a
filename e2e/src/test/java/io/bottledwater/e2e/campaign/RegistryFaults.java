package io.bottledwater.e2e.campaign;

import io.bottledwater.registry.server.SchemaRegistryServer;

/** Faults of the schema registry; these runs write Avro. */
final class RegistryFaults {
  private RegistryFaults() {}

  /** It is away when a new schema is due. */
  static void kill(Scene scene) {
    SchemaRegistryServer registry = start(scene, 0);
    int port = registry.address().getPort();
    try {
      scene.avro("http://127.0.0.1:" + port).start();
      for (int i = 0; i < scene.rounds(); i++) {
        registry.close();
        scene.database().execute("ALTER TABLE accounts_a ADD COLUMN extra_" + i + " int");
        Scene.sleep(3000);
        registry = start(scene, port);
        scene.recovered();
      }
      scene.finishPump();
    } finally {
      registry.close();
    }
  }

  private static SchemaRegistryServer start(Scene scene, int port) {
    return SchemaRegistryServer.start(
        SchemaRegistryServer.Settings.of("127.0.0.1", port, scene.broker().bootstrapServers()));
  }
}
