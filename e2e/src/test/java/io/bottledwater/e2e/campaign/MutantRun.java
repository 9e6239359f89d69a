package io.bottledwater.e2e.campaign;

import io.bottledwater.registry.server.SchemaRegistryServer;
import java.sql.SQLException;

/** Lets the oracle judge a mutant. */
final class MutantRun {
  private static final int ROUNDS = 2;

  private MutantRun() {}

  /** What the oracle found; a mutant that comes to grief by itself is not thereby found out. */
  static Violations of(Servers servers, Mutant mutant, long seed) {
    try (Scene scene = new Scene(servers, ROUNDS, seed)) {
      // Readers that cannot decode a record wait for the next in vain, for instance.
      scene.endWhen(() -> mutant.isCaughtBy(scene.violations()));
      try {
        if (mutant == Mutant.SCHEMA_ID_REUSED) {
          provokeWithRegistry(scene, mutant);
        } else {
          judge(scene, mutant);
        }
      } catch (AssertionError | SQLException e) {
        scene.violations().add(Rule.OUTCOME, String.valueOf(e.getMessage()));
      }
      return scene.violations();
    }
  }

  private static void judge(Scene scene, Mutant mutant) throws SQLException {
    mutant.provoke(scene);
    // Some cannot come to an end; those that are found out need not.
    if (!mutant.isCaughtBy(scene.violations())) {
      scene.finish();
    }
  }

  private static void provokeWithRegistry(Scene scene, Mutant mutant) throws SQLException {
    try (SchemaRegistryServer registry =
        SchemaRegistryServer.start(
            SchemaRegistryServer.Settings.of("127.0.0.1", 0, scene.broker().bootstrapServers()))) {
      scene.avro("http://127.0.0.1:" + registry.address().getPort());
      judge(scene, mutant);
    }
  }
}
