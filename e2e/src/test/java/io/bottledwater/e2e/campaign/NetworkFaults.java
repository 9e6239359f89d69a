package io.bottledwater.e2e.campaign;

import io.bottledwater.e2e.campaign.FaultyProxy.FrameRule;
import io.bottledwater.e2e.campaign.FaultyProxy.FrameRule.Verdict;
import io.bottledwater.testkit.KafkaProcess;
import io.bottledwater.testkit.TemporaryDirectories;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Faults between the pump and its servers, by a proxy of our own. */
final class NetworkFaults {
  private static final short END_TXN = 26;

  private NetworkFaults() {}

  /** A scene whose broker is a process of its own behind a proxy, for the oracle as well. */
  private interface ProxiedScene {
    void play(FaultyProxy proxy);
  }

  static void postgresConnections(Scene scene) {
    try (FaultyProxy proxy = new FaultyProxy(scene.postgres().port())) {
      behind(scene, proxy).start();
      for (int i = 0; i < scene.rounds(); i++) {
        for (int reset = 0; reset < 4; reset++) {
          Scene.sleep(500);
          proxy.reset();
        }
        scene.recovered();
        proxy.resetAfter(scene.random().nextInt(1, 20_000));
        scene.recovered();
        proxy.truncateAfter(scene.random().nextInt(1, 20_000));
        scene.recovered();
        proxy.halfClose();
        scene.recovered();
        proxy.slow(64 * 1024, 200);
        Scene.sleep(5000);
        proxy.slow(0, 0);
        scene.recovered();
      }
      scene.finishPump();
    }
  }

  static void unreachablePostgres(Scene scene) {
    try (FaultyProxy proxy = new FaultyProxy(scene.postgres().port())) {
      behind(scene, proxy).start();
      freeze(scene, List.of(proxy));
      scene.finishPump();
    }
  }

  static void unreachableKafka(Scene scene) {
    behindProxy(
        scene,
        proxy -> {
          scene.start();
          freeze(scene, List.of(proxy));
        });
  }

  static void unreachableBoth(Scene scene) {
    try (FaultyProxy postgres = new FaultyProxy(scene.postgres().port())) {
      behind(scene, postgres);
      behindProxy(
          scene,
          kafka -> {
            scene.start();
            freeze(scene, List.of(postgres, kafka));
          });
    }
  }

  private static void freeze(Scene scene, List<FaultyProxy> proxies) {
    for (int i = 0; i < scene.rounds(); i++) {
      proxies.forEach(FaultyProxy::freeze);
      Scene.sleep(scene.rounds() == 1 ? 8_000 : 30_000);
      proxies.forEach(FaultyProxy::thaw);
      scene.recovered();
    }
  }

  static void kafkaConnections(Scene scene) {
    behindProxy(
        scene,
        proxy -> {
          scene.start();
          for (int i = 0; i < scene.rounds(); i++) {
            for (int reset = 0; reset < 4; reset++) {
              Scene.sleep(500);
              proxy.reset();
            }
            scene.recovered();
            proxy.resetAfter(scene.random().nextInt(1, 2_000));
            scene.recovered();
            proxy.truncateAfter(scene.random().nextInt(1, 2_000));
            scene.recovered();
            proxy.halfClose();
            scene.recovered();
            proxy.slow(64 * 1024, 200);
            Scene.sleep(5000);
            proxy.slow(0, 0);
            scene.recovered();
          }
        });
  }

  static void lostCommitReplies(Scene scene) {
    endTransactions(scene, Verdict.LOSE_REPLY);
  }

  static void lateCommits(Scene scene) {
    endTransactions(scene, Verdict.DELAY);
  }

  /** Every tenth end of a transaction meets its fate, and no other does. */
  private static void endTransactions(Scene scene, Verdict fate) {
    behindProxy(
        scene,
        proxy -> {
          int[] ends = new int[2];
          FrameRule rule =
              apiKey -> {
                synchronized (ends) {
                  if (apiKey != END_TXN || ++ends[0] % 10 != 0) {
                    return Verdict.PASS;
                  }
                  ends[1]++;
                  return fate;
                }
              };
          proxy.frames(rule);
          scene.start();
          scene.until(
              "commits that met their fate",
              () -> {
                synchronized (ends) {
                  return ends[1] >= scene.rounds() * 5;
                }
              });
          proxy.frames(apiKey -> Verdict.PASS);
          scene.recovered();
        });
  }

  private static void behindProxy(Scene scene, ProxiedScene play) {
    Path directory = TemporaryDirectories.create("campaign-proxied");
    try (FaultyProxy proxy = new FaultyProxy(0);
        KafkaProcess broker =
            KafkaProcess.start(
                directory, Map.of("advertised.listeners", "CLIENTS://127.0.0.1:" + proxy.port()))) {
      String address = broker.bootstrapServers();
      proxy.target(Integer.parseInt(address.substring(address.indexOf(':') + 1)));
      scene.cluster("127.0.0.1:" + proxy.port());
      play.play(proxy);
      scene.finishPump();
    } finally {
      TemporaryDirectories.delete(directory);
    }
  }

  private static Scene behind(Scene scene, FaultyProxy proxy) {
    return scene.postgresAt(
        scene
            .database()
            .uri()
            .replace(":" + scene.postgres().port() + "/", ":" + proxy.port() + "/"));
  }
}
