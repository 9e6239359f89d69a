package io.bottledwater.e2e.campaign;

import io.bottledwater.embedded.postgres.EmbeddedPostgres;
import io.bottledwater.embedded.postgres.EmbeddedPostgres.StopMode;
import io.bottledwater.testkit.KafkaProcess;
import io.bottledwater.testkit.TestPostgres;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/** Disks that are full. */
final class DiskFaults {
  private static final int LARGE_ROWS = 20_000;

  private DiskFaults() {}

  /** The broker cannot append to its logs, and ends; given room it starts again. */
  static void broker(Scene scene) {
    Path directory = PrimaryAndStandby.newDirectory(scene);
    SmallDisk disk = scene.keep(SmallDisk.mount(directory, 400));
    KafkaProcess broker =
        scene.keep(
            KafkaProcess.start(
                directory,
                Map.of("log.segment.bytes", "1048576", "log.index.size.max.bytes", "4096")));
    scene.cluster(broker.bootstrapServers()).start();
    for (int i = 0; i < scene.rounds(); i++) {
      disk.fill();
      scene.until("the broker's end", () -> !broker.isAlive());
      disk.free();
      broker.close();
      broker.start();
      scene.recovered();
    }
  }

  /** The server cannot write its WAL, and goes down; given room it recovers. */
  static void wal(Scene scene) {
    Path directory = PrimaryAndStandby.newDirectory(scene);
    SmallDisk disk = scene.keep(SmallDisk.mount(directory, 500));
    EmbeddedPostgres server = PrimaryAndStandby.newServer(scene, directory, Map.of());
    scene.on(server).start();
    for (int i = 0; i < scene.rounds(); i++) {
      disk.fill();
      long written = scene.load().committed();
      scene.until(
          "the end of all writing",
          () -> {
            long before = scene.load().committed();
            Scene.sleep(2000);
            return scene.load().committed() == before && before >= written;
          });
      disk.free();
      server.restart(StopMode.IMMEDIATE);
      scene.recovered();
    }
  }

  /** The WAL sender cannot set a large transaction aside, which it does before it sends it. */
  static void spill(Scene scene) {
    Path directory = PrimaryAndStandby.newDirectory(scene);
    TestPostgres.builder(Servers.POSTGRES_MAJOR).dataDirectory(directory).start().close();
    Path slots = directory.resolve("cluster").resolve("pg_replslot");
    SmallDisk disk = scene.keep(SmallDisk.mount(slots, 64).ownedLike(slots.getParent()));
    scene.on(
        PrimaryAndStandby.newServer(scene, directory, Map.of("logical_decoding_work_mem", "64kB")));
    Bank.enlarge(scene.database(), LARGE_ROWS);
    scene.start();
    for (int i = 0; i < scene.rounds(); i++) {
      disk.fill();
      scene
          .database()
          .execute(
              "BEGIN; UPDATE accounts_a SET ver = ver + 1, note = 'large' WHERE id > 10000;"
                  + "INSERT INTO ledger VALUES ('"
                  + UUID.randomUUID()
                  + "', "
                  + LARGE_ROWS
                  + "); COMMIT");
      scene.pump().awaitLine("short of a resource");
      disk.free();
      scene.recovered();
    }
  }
}
