package io.bottledwater.e2e.campaign;

import io.bottledwater.embedded.FreePort;
import io.bottledwater.testkit.ProcessRunner;
import io.bottledwater.testkit.RunningProcess;
import io.bottledwater.testkit.TemporaryDirectories;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * Three nodes as processes, each broker and controller; every topic, the transactions' own among
 * them, has three replicas and wants two of them in step. One thread only.
 */
final class BrokerCluster implements AutoCloseable {
  private static final int NODES = 3;
  private static final Duration START_LIMIT = Duration.ofSeconds(120);

  private final Path directory = TemporaryDirectories.create("campaign-brokers");
  private final List<Integer> ports = freePorts();
  private final List<Integer> controllerPorts = freePorts();
  private final RunningProcess[] nodes = new RunningProcess[NODES];

  private BrokerCluster() {}

  /** Returns when all nodes serve. */
  static BrokerCluster start() throws Exception {
    BrokerCluster cluster = new BrokerCluster();
    try {
      String id = Uuid.randomUuid().toString();
      for (int node = 1; node <= NODES; node++) {
        cluster.prepare(node, id);
        cluster.launch(node);
      }
      for (RunningProcess node : cluster.nodes) {
        node.awaitLine("^ready", START_LIMIT);
      }
      return cluster;
    } catch (Exception | AssertionError e) {
      cluster.close();
      throw e;
    }
  }

  private static List<Integer> freePorts() {
    return IntStream.range(0, NODES).mapToObj(i -> FreePort.pick()).toList();
  }

  String bootstrapServers() {
    return ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
  }

  /**
   * @param node from 1, as the brokers' own ids
   */
  void kill9(int node) {
    nodes[node - 1].kill9();
  }

  /** Starts a node again on the same ports and data. */
  void restart(int node) {
    launch(node);
    nodes[node - 1].awaitLine("^ready", START_LIMIT);
  }

  private void launch(int node) {
    nodes[node - 1] =
        ProcessRunner.java(BrokerNodeMain.class)
            .jvmArguments("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
            .arguments(propertiesFile(node).toString())
            .start();
  }

  private Path propertiesFile(int node) {
    return directory.resolve(node + ".properties");
  }

  private void prepare(int node, String clusterId) throws Exception {
    Path log = Files.createDirectories(directory.resolve("log-" + node));
    Properties p = new Properties();
    p.put("process.roles", "broker,controller");
    p.put("node.id", Integer.toString(node));
    List<String> voters = new ArrayList<>();
    for (int i = 1; i <= NODES; i++) {
      voters.add(i + "@127.0.0.1:" + controllerPorts.get(i - 1));
    }
    p.put("controller.quorum.voters", String.join(",", voters));
    p.put(
        "listeners",
        "CLIENTS://127.0.0.1:"
            + ports.get(node - 1)
            + ",CONTROLLER://127.0.0.1:"
            + controllerPorts.get(node - 1));
    p.put("listener.security.protocol.map", "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT");
    p.put("controller.listener.names", "CONTROLLER");
    p.put("inter.broker.listener.name", "CLIENTS");
    p.put("log.dirs", log.toString());
    p.put("default.replication.factor", "3");
    p.put("min.insync.replicas", "2");
    p.put("offsets.topic.num.partitions", "1");
    p.put("transaction.state.log.replication.factor", "3");
    p.put("transaction.state.log.min.isr", "2");
    p.put("transaction.state.log.num.partitions", "3");
    p.put("replica.lag.time.max.ms", "5000");
    p.put("log.cleaner.dedupe.buffer.size", "2097152");
    p.put("num.network.threads", "2");
    p.put("num.io.threads", "4");
    try (OutputStream out = Files.newOutputStream(propertiesFile(node))) {
      p.store(out, null);
    }
    try (PrintStream silent =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      new Formatter()
          .setPrintStream(silent)
          .setNodeId(node)
          .setClusterId(clusterId)
          .setDirectories(List.of(log.toString()))
          .setMetadataLogDirectory(log.toString())
          .setControllerListenerName("CONTROLLER")
          .run();
    }
  }

  @Override
  public void close() {
    for (RunningProcess node : nodes) {
      if (node != null) {
        node.close();
      }
    }
    TemporaryDirectories.delete(directory);
  }
}
