package io.bottledwater.registry.server;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schema registry on loopback whose state is one compacted topic. Several may share a topic; each
 * can write. Thread safe.
 */
public final class SchemaRegistryServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SchemaRegistryServer.class);
  private static final int READERS = 4;
  // They wait for one another's transaction and then share the next.
  private static final int WRITERS = 32;
  private static final int QUEUED_CALLS = 1_000;

  private final SchemaLog schemaLog;
  private final ExecutorService readers = workers("registry-reader", READERS);
  private final ExecutorService writers = workers("registry-writer", WRITERS);
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(daemons("registry-connections"));
  private final ConnectionWatch connections;
  private final Server server;
  private final ServerConnector connector;

  /**
   * What a registry needs to know.
   *
   * @param host a loopback name or address
   * @param port 0 for any free one
   * @param bootstrapServers Kafka's, {@code host:port} with commas
   * @param topic created where it is missing, with one partition and {@code cleanup.policy=compact}
   * @param replicationFactor of a topic that is created; empty for the broker's default
   * @param maxConnections clients beyond that push out those that have been waited for longest
   * @param commitLimit how long a request waits for Kafka before it is answered with an error
   * @param kafkaConfig further client properties, such as those for TLS and SASL
   */
  public record Settings(
      String host,
      int port,
      String bootstrapServers,
      String topic,
      Optional<Short> replicationFactor,
      int maxConnections,
      Duration commitLimit,
      Map<String, String> kafkaConfig) {
    public Settings {
      kafkaConfig = Map.copyOf(kafkaConfig);
    }

    /** Topic {@code _schemas}, 1000 connections, 30 seconds. */
    public static Settings of(String host, int port, String bootstrapServers) {
      return new Settings(
          host,
          port,
          bootstrapServers,
          "_schemas",
          Optional.empty(),
          1_000,
          Duration.ofSeconds(30),
          Map.of());
    }

    /** Leaves out the client properties, which may hold passwords. */
    @Override
    public String toString() {
      return host + ":" + port + ", topic " + topic + " of " + bootstrapServers;
    }
  }

  /**
   * Reads the topic and listens.
   *
   * @throws BottledWaterException {@code BW-LISTENER} when the address is taken or not loopback,
   *     {@code BW-KAFKA-UNREACHABLE}, {@code BW-KAFKA-CONFIG}
   */
  public static SchemaRegistryServer start(Settings settings) {
    InetAddress address = loopback(settings.host());
    SchemaRegistryServer registry = null;
    RegistryState state = new RegistryState();
    SchemaLog schemaLog = SchemaLog.open(settings, state);
    try {
      registry = new SchemaRegistryServer(settings, address, state, schemaLog);
      registry.listen();
      return registry;
    } catch (RuntimeException e) {
      if (registry == null) {
        schemaLog.close();
      } else {
        registry.close();
      }
      throw e;
    }
  }

  private SchemaRegistryServer(
      Settings settings, InetAddress address, RegistryState state, SchemaLog schemaLog) {
    this.schemaLog = schemaLog;
    QueuedThreadPool threads = new QueuedThreadPool(12, 2);
    threads.setName("registry-http");
    threads.setDaemon(true);
    this.server = new Server(threads);
    this.connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(httpConfig()));
    connector.setHost(address.getHostAddress());
    connector.setPort(settings.port());
    connector.setIdleTimeout(60_000);
    connector.setAcceptQueueSize(1_024);
    this.connections = new ConnectionWatch(settings.maxConnections());
    connector.addBean(connections);
    server.addConnector(connector);
    server.setErrorHandler(new HttpFront.Errors());
    server.setStopTimeout(2_000);
    RestApi api = new RestApi(new Registry(state, schemaLog));
    server.setHandler(new HttpFront(api, schemaLog::healthy, readers, writers, connections));
    var unused = sweeper.scheduleWithFixedDelay(connections::sweep, 1, 1, TimeUnit.SECONDS);
  }

  private static HttpConfiguration httpConfig() {
    HttpConfiguration config = new HttpConfiguration();
    config.setSendServerVersion(false);
    config.setSendDateHeader(false);
    // Subjects may hold anything; HttpFront decodes each segment by itself and opens no files.
    config.setUriCompliance(
        UriCompliance.DEFAULT.with(
            "subjects",
            UriCompliance.Violation.AMBIGUOUS_PATH_SEGMENT,
            UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT,
            UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
            UriCompliance.Violation.AMBIGUOUS_PATH_PARAMETER,
            UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING,
            UriCompliance.Violation.SUSPICIOUS_PATH_CHARACTERS));
    return config;
  }

  private void listen() {
    try {
      server.start();
    } catch (IOException e) {
      throw new BottledWaterException(
          ErrorCode.LISTENER,
          "The schema registry cannot listen on "
              + connector.getHost()
              + ":"
              + connector.getPort()
              + ".",
          e);
    } catch (Exception e) {
      throw new BottledWaterException(
          ErrorCode.BUG, "The schema registry's HTTP server did not start.", e);
    }
    log.info("Schema registry listening on {}:{}.", connector.getHost(), connector.getLocalPort());
  }

  private static InetAddress loopback(String host) {
    try {
      InetAddress address = host.isBlank() ? null : InetAddress.getByName(host);
      if (address != null && address.isLoopbackAddress()) {
        return address;
      }
    } catch (UnknownHostException e) {
      throw new BottledWaterException(
          ErrorCode.LISTENER, "The schema registry's host name " + host + " is not known.", e);
    }
    throw new BottledWaterException(
        ErrorCode.LISTENER,
        "The schema registry's address "
            + (host.isBlank() ? "(empty)" : host)
            + " is not loopback, and the registry has neither TLS nor credentials.",
        "Use 127.0.0.1, and a proxy with TLS and credentials for other machines.",
        null);
  }

  /** Where the registry listens, with the port that was chosen. */
  public InetSocketAddress address() {
    return new InetSocketAddress(connector.getHost(), connector.getLocalPort());
  }

  /** Lets running requests end for two seconds, then stops. */
  @Override
  public void close() {
    connections.closeIdle();
    try {
      server.stop();
    } catch (Exception e) {
      log.warn("The schema registry's HTTP server did not stop cleanly.", e);
    }
    sweeper.shutdownNow();
    readers.shutdownNow();
    writers.shutdownNow();
    schemaLog.close();
  }

  private static ExecutorService workers(String name, int threads) {
    ThreadPoolExecutor workers =
        new ThreadPoolExecutor(
            threads,
            threads,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(QUEUED_CALLS),
            daemons(name));
    workers.allowCoreThreadTimeOut(true);
    return workers;
  }

  private static ThreadFactory daemons(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
