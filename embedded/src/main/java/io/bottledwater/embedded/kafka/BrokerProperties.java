package io.bottledwater.embedded.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/** One node's properties: small, and quick to start, also after a crash. */
final class BrokerProperties {
  static final String CLIENTS = "CLIENTS";
  static final String CONTROLLER = "CONTROLLER";
  static final int NODE_ID = 1;

  private static final long SEGMENT_BYTES = 256L * 1024 * 1024;

  private BrokerProperties() {}

  /**
   * @param logDirectory for topics and the metadata log
   * @param overrides win over everything here
   */
  static Properties of(
      Path logDirectory, String host, int port, int controllerPort, Map<String, String> overrides) {
    Properties properties = new Properties();
    String controller = "127.0.0.1:" + controllerPort;
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", Integer.toString(NODE_ID));
    properties.put("controller.quorum.voters", NODE_ID + "@" + controller);
    properties.put(
        "listeners", CLIENTS + "://" + address(host, port) + "," + CONTROLLER + "://" + controller);
    properties.put(
        "listener.security.protocol.map", CLIENTS + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
    properties.put("controller.listener.names", CONTROLLER);
    properties.put("inter.broker.listener.name", CLIENTS);
    properties.put("log.dirs", logDirectory.toString());

    oneNode(properties);
    quickAnswers(properties);
    small(properties);
    if (!hasLargeSegments(logDirectory)) {
      smallIndexes(properties);
    }
    overrides.forEach(properties::put);
    return properties;
  }

  /** {@code host:port}, with the brackets that an IPv6 address needs. */
  static String address(String host, int port) {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  private static void oneNode(Properties properties) {
    properties.put("default.replication.factor", "1");
    properties.put("offsets.topic.replication.factor", "1");
    properties.put("offsets.topic.num.partitions", "1");
    properties.put("transaction.state.log.replication.factor", "1");
    properties.put("transaction.state.log.min.isr", "1");
    properties.put("transaction.state.log.num.partitions", "1");
    properties.put("share.coordinator.state.topic.replication.factor", "1");
    properties.put("share.coordinator.state.topic.min.isr", "1");
    properties.put("share.coordinator.state.topic.num.partitions", "1");
  }

  private static void quickAnswers(Properties properties) {
    // After a crash the controller takes the broker for alive until its session ends: 9 s by
    // default, and no partition has a leader meanwhile.
    properties.put("broker.session.timeout.ms", "1500");
    properties.put("broker.heartbeat.interval.ms", "500");
    // Whoever writes right after a commit waits for so long, 20 ms by default, while the markers of
    // the commit take one on one machine.
    properties.put("add.partitions.to.txn.retry.backoff.ms", "1");
    // Nobody else is going to join.
    properties.put("group.initial.rebalance.delay.ms", "0");
  }

  private static void small(Properties properties) {
    properties.put("log.cleaner.dedupe.buffer.size", "2097152");
    properties.put("num.network.threads", "2");
    properties.put("num.io.threads", "4");
    properties.put("background.threads", "4");
    properties.put("group.coordinator.threads", "1");
    properties.put("group.coordinator.background.threads", "1");
    properties.put("queued.max.requests", "100");
    properties.put("metric.reporters", "");
  }

  /**
   * Each partition maps two index files, and Linux makes much more of a mapped file at its first
   * touch than the page: with the usual 10 MB the first record of a thousand new topics takes ten
   * seconds. What a segment of that size needs of them is less than 0.8 MB.
   */
  private static void smallIndexes(Properties properties) {
    properties.put("log.index.size.max.bytes", "1048576");
    properties.put("log.segment.bytes", Long.toString(SEGMENT_BYTES));
  }

  // Written by a broker without these limits: its indexes may not fit, and then none would start.
  private static boolean hasLargeSegments(Path logDirectory) {
    if (!Files.isDirectory(logDirectory)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(logDirectory, 2)) {
      return files.anyMatch(
          file -> file.toString().endsWith(".log") && file.toFile().length() > SEGMENT_BYTES);
    } catch (IOException | UncheckedIOException e) {
      // The broker will say what is wrong with its directory.
      return false;
    }
  }
}
