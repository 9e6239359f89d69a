package io.bottledwater.e2e.campaign;

import io.bottledwater.embedded.postgres.EmbeddedPostgres;
import io.bottledwater.embedded.postgres.EmbeddedPostgres.StopMode;
import io.bottledwater.testkit.TestPostgres;
import java.nio.file.Path;
import java.util.Map;

/** Another server in the place of the one that rows came from: a standby, or a backup. */
final class ReplicaFaults {
  private ReplicaFaults() {}

  /** The standby has every commit and the slot: the pump goes on by itself. */
  static void promotion(Scene scene) {
    PrimaryAndStandby servers = PrimaryAndStandby.start(scene, true);
    servers.synchronous();
    scene.start();
    servers.awaitSlot();
    scene.awaitCommits(100);
    servers.failover();
    scene.recovered();
  }

  /** The standby has every commit, but no slot: the pump stops, and refuses to start. */
  static void withoutSlot(Scene scene) {
    PrimaryAndStandby servers = PrimaryAndStandby.start(scene, false);
    servers.synchronous();
    scene.start();
    scene.stopSampling();
    servers.failover();
    scene.expectStop("BW-SLOT-MISSING");
    scene.expectRefusal("BW-SLOT-MISSING");
  }

  /** The standby has the slot, but not the last commits, which have been published. */
  static void lostCommits(Scene scene) {
    PrimaryAndStandby servers = PrimaryAndStandby.start(scene, true);
    scene.start();
    servers.awaitSlot();
    servers.cutOff();
    scene.awaitCommits(100);
    scene.awaitNew();
    scene.load().pause();
    stop(scene);
    servers.failover();
    // Its WAL gets longer than the lost one: only the timeline's branch tells them apart.
    scene
        .database()
        .execute("SELECT pg_logical_emit_message(false, 'noise', repeat('x', 8000000)) IS NULL");
    scene.expectRefusal("BW-TIMELINE");
  }

  /** The server comes back as it was a while ago. */
  static void restoredBackup(Scene scene) {
    EmbeddedPostgres server = PrimaryAndStandby.newServer(scene, Map.of());
    scene.on(server).start();
    Path backup = PrimaryAndStandby.copy(scene, server);
    scene.recovered();
    scene.awaitCommits(100);
    scene.awaitNew();
    scene.load().pause();
    stop(scene);
    server.stop(StopMode.FAST);
    scene.keep(
        TestPostgres.builder(Servers.POSTGRES_MAJOR)
            .dataDirectory(backup)
            .port(server.port())
            .start());
    scene.expectRefusal("BW-STATE-AHEAD");
  }

  private static void stop(Scene scene) {
    if (scene.pump().stop() != 0) {
      throw new AssertionError("the pump did not stop");
    }
    scene.stopSampling();
  }
}
