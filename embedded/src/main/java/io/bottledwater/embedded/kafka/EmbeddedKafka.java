package io.bottledwater.embedded.kafka;

import io.bottledwater.embedded.DirectoryLock;
import io.bottledwater.embedded.EmbeddedServerException;
import io.bottledwater.embedded.EmbeddedServerException.Reason;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.SharedServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.raft.QuorumConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * One Kafka node, broker and KRaft controller, in this process. All its state is under one
 * directory, which a later node takes up again, after a crash too. Any thread may call; calls
 * exclude each other. Whoever starts it closes it: there is no shutdown hook. It uses Kafka's
 * internal classes and so belongs to exactly one Kafka version.
 */
public final class EmbeddedKafka implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

  private final DirectoryLock lock;
  private final FaultReporter faults;
  private final String host;
  private final int port;
  private final String clusterId;
  private final ControllerServer controller;
  private final BrokerServer broker;
  private boolean stopped;

  private EmbeddedKafka(
      DirectoryLock lock,
      FaultReporter faults,
      String host,
      int port,
      SharedServer shared,
      BootstrapMetadata bootstrap) {
    this.lock = lock;
    this.faults = faults;
    this.host = host;
    this.port = port;
    this.clusterId = shared.clusterId();
    this.controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), bootstrap);
    this.broker = new BrokerServer(shared);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** {@code host:port} as clients on this machine reach it. */
  public String bootstrapServers() {
    return BrokerProperties.address(host, port);
  }

  public int port() {
    return port;
  }

  /** Random, made with the directory. */
  public String clusterId() {
    return clusterId;
  }

  /** The error that Kafka cannot go on from, if it met one. */
  public Optional<EmbeddedServerException> fault() {
    return faults.fault();
  }

  /** Stops cleanly: moves no leader, flushes all logs. Returns when everything is closed. */
  public synchronized void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    faults.stopping();
    try {
      quietly("broker", () -> broker.shutdown(STOP_TIMEOUT));
      quietly("controller", controller::shutdown);
    } finally {
      ExitGuard.leave(faults);
      lock.close();
    }
  }

  @Override
  public void close() {
    stop();
  }

  private void startup() {
    controller.startup();
    broker.startup();
  }

  private static void quietly(String part, Runnable stop) {
    try {
      stop.run();
    } catch (Throwable e) {
      // The other part has to be stopped whatever became of this one. Scala's methods throw checked
      // exceptions that they do not declare.
      LOG.warn("Kafka's {} did not stop cleanly", part, e);
    }
  }

  /** What to start. One thread only. */
  public static final class Builder {
    private final Map<String, String> properties = new TreeMap<>();
    private @Nullable Path dataDirectory;
    private String host = "127.0.0.1";
    private int port;
    private Consumer<EmbeddedServerException> onFault = fault -> {};

    private Builder() {}

    /** Required. Made when missing, taken up again otherwise. */
    public Builder dataDirectory(Path value) {
      this.dataDirectory = value;
      return this;
    }

    /**
     * Where clients connect. Default 127.0.0.1 and any free port.
     *
     * @param hostPort 0 for any free port
     */
    public Builder listener(String hostName, int hostPort) {
      this.host = hostName;
      this.port = hostPort;
      return this;
    }

    /**
     * A broker property; wins over the built-in ones. The clients' listener is called {@code
     * CLIENTS}, the controller's, on 127.0.0.1, {@code CONTROLLER}.
     */
    public Builder property(String name, String value) {
      properties.put(name, value);
      return this;
    }

    /**
     * Called at most once, on a thread of its own, when Kafka meets an error for which it would
     * have ended the process. The node is then of no more use; the owner should stop it.
     */
    public Builder onFault(Consumer<EmbeddedServerException> value) {
      this.onFault = value;
      return this;
    }

    /**
     * Returns when the broker serves clients: 1 to 2 s in a new process, some more after a crash.
     *
     * @throws EmbeddedServerException LISTENER, DATA_DIRECTORY or START
     */
    public EmbeddedKafka start() {
      if (dataDirectory == null) {
        throw new IllegalArgumentException("no data directory");
      }
      Path directory = dataDirectory.toAbsolutePath().normalize();
      DirectoryLock lock = DirectoryLock.acquire(directory);
      FaultReporter faults = new FaultReporter(onFault);
      ExitGuard.enter(faults);
      try (BoundSockets sockets = new BoundSockets()) {
        return start(directory, lock, faults, sockets);
      } catch (Throwable e) {
        ExitGuard.leave(faults);
        lock.close();
        throw e;
      }
    }

    private EmbeddedKafka start(
        Path directory, DirectoryLock lock, FaultReporter faults, BoundSockets sockets) {
      int boundPort = sockets.bind(BrokerProperties.CLIENTS, host, port);
      int controllerPort = sockets.bind(BrokerProperties.CONTROLLER, "127.0.0.1", 0);
      Path logDirectory = directory.resolve("log");
      format(logDirectory);
      EmbeddedKafka kafka = null;
      try {
        KafkaConfig config =
            new KafkaConfig(
                BrokerProperties.of(logDirectory, host, boundPort, controllerPort, properties),
                false);
        Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> stored =
            KafkaRaftServer.initializeLogDirs(config, LOG, "");
        kafka =
            new EmbeddedKafka(
                lock,
                faults,
                host,
                boundPort,
                sharedServer(config, stored._1(), faults, sockets),
                stored._2());
        kafka.startup();
        return kafka;
      } catch (Throwable e) {
        // Scala's methods throw checked exceptions that they do not declare.
        if (e instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
        faults.stopping();
        if (kafka != null) {
          quietly("broker", kafka.broker::shutdown);
          quietly("controller", kafka.controller::shutdown);
        }
        throw new EmbeddedServerException(
            Reason.START,
            "Kafka did not start on the data in "
                + directory
                + ". Its own log says why; check the"
                + " space left and the permissions there.",
            e);
      }
    }

    private static SharedServer sharedServer(
        KafkaConfig config,
        MetaPropertiesEnsemble stored,
        FaultReporter faults,
        BoundSockets sockets) {
      return new SharedServer(
          config,
          stored,
          Time.SYSTEM,
          new Metrics(),
          CompletableFuture.completedFuture(
              QuorumConfig.parseVoterConnections(config.quorumConfig().voters())),
          QuorumConfig.parseBootstrapServers(config.quorumConfig().bootstrapServers()),
          faults,
          sockets);
    }

    private static void format(Path logDirectory) {
      // Written last, and atomically: whatever stopped an earlier attempt, it starts over.
      if (Files.exists(logDirectory.resolve("meta.properties"))) {
        return;
      }
      try (PrintStream silent =
          new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
        Files.createDirectories(logDirectory);
        new Formatter()
            .setPrintStream(silent)
            .setNodeId(BrokerProperties.NODE_ID)
            .setClusterId(Uuid.randomUuid().toString())
            .setDirectories(List.of(logDirectory.toString()))
            .setMetadataLogDirectory(logDirectory.toString())
            .setControllerListenerName(BrokerProperties.CONTROLLER)
            .run();
      } catch (Exception e) {
        throw new EmbeddedServerException(
            Reason.DATA_DIRECTORY,
            "Kafka cannot prepare "
                + logDirectory
                + ". Check the space left and the permissions"
                + " there.",
            e);
      }
    }
  }
}
