package io.bottledwater.e2e.campaign;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartitionInfo;

/** Faults of a cluster of several brokers. */
final class BrokerFaults {
  private static final long LIMIT_NANOS = 60_000_000_000L;

  private BrokerFaults() {}

  /**
   * The broker that coordinates the pump's transactions is killed when it has decided to commit one
   * and has not told all partitions yet; the others bring it to its end. The fault has ended when
   * the cluster has put others in its place: how long a broker may be silent is the cluster's to
   * say ({@code broker.session.timeout.ms}, nine seconds).
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
          awaitFailover(admin, victim);
        }
        scene.recovered();
        cluster.restart(victim);
        scene.recovered();
      }
      scene.finishPump();
    }
  }

  /** Waits until no partition of any topic is led by that broker or waits for it. */
  private static void awaitFailover(Admin admin, int victim) throws InterruptedException {
    long deadline = System.nanoTime() + LIMIT_NANOS;
    while (System.nanoTime() - deadline < 0) {
      try {
        Set<String> topics =
            admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get();
        if (admin.describeTopics(topics).allTopicNames().get().values().stream()
            .flatMap(topic -> topic.partitions().stream())
            .allMatch(partition -> isWithout(victim, partition))) {
          return;
        }
      } catch (ExecutionException e) {
        // Asked the one that is gone.
      }
      Thread.sleep(50);
    }
    throw new AssertionError("broker " + victim + " was never replaced");
  }

  private static boolean isWithout(int victim, TopicPartitionInfo partition) {
    return partition.leader() != null
        && !partition.leader().isEmpty()
        && partition.isr().stream().noneMatch(node -> node.id() == victim);
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
