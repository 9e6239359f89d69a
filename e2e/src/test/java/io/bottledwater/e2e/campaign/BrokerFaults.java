package io.bottledwater.e2e.campaign;

import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;

/** Faults of a cluster of several brokers. */
final class BrokerFaults {
  private static final long LIMIT_NANOS = 60_000_000_000L;

  private BrokerFaults() {}

  /**
   * The broker that coordinates the pump's transactions is killed when it has decided to commit one
   * and has not told all partitions yet; the others bring it to its end.
   */
  static void coordinator(Scene scene) throws Exception {
    try (BrokerCluster cluster = BrokerCluster.start()) {
      scene.cluster(cluster.bootstrapServers());
      scene.start();
      String id = "bottledwater." + scene.name() + "." + scene.name();
      for (int i = 0; i < scene.rounds(); i++) {
        scene.sleepBetween(500, 1500);
        int victim;
        try (Admin admin = scene.kafka().admin()) {
          victim = committing(admin, id);
          cluster.kill9(victim);
        }
        scene.recovered();
        cluster.restart(victim);
        scene.recovered();
      }
      scene.finishPump();
    }
  }

  /** Waits for the moment; the coordinator's id. */
  private static int committing(Admin admin, String id) throws InterruptedException {
    long deadline = System.nanoTime() + LIMIT_NANOS;
    while (System.nanoTime() - deadline < 0) {
      try {
        TransactionDescription found =
            admin.describeTransactions(List.of(id)).description(id).get();
        if (found.state() == TransactionState.PREPARE_COMMIT) {
          return found.coordinatorId();
        }
      } catch (ExecutionException e) {
        // The coordinator has just moved.
      }
    }
    throw new AssertionError("no commit was ever met");
  }
}
