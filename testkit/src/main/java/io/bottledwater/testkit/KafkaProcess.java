package io.bottledwater.testkit;

import io.bottledwater.embedded.FreePort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A broker to kill: one Kafka node as a child process, which keeps its port and data over restarts.
 * One thread only.
 */
public final class KafkaProcess implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(90);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

  // Quick to start, and enough for a test.
  private static final List<String> SMALL =
      List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private final Path directory;
  private final int port;
  private final Map<String, String> properties;
  private final List<String> jvmArguments;
  private @Nullable RunningProcess process;

  private KafkaProcess(
      Path directory, int port, Map<String, String> properties, List<String> jvmArguments) {
    this.directory = directory;
    this.port = port;
    this.properties = Map.copyOf(properties);
    this.jvmArguments = List.copyOf(jvmArguments);
  }

  /**
   * Starts a broker and waits until it serves clients.
   *
   * @param properties broker properties
   */
  public static KafkaProcess start(Path directory, Map<String, String> properties) {
    return start(directory, properties, SMALL);
  }

  /**
   * The same with a JVM of one's own choosing.
   *
   * @param jvmArguments heap and collector, for instance
   */
  public static KafkaProcess start(
      Path directory, Map<String, String> properties, List<String> jvmArguments) {
    KafkaProcess kafka = new KafkaProcess(directory, FreePort.pick(), properties, jvmArguments);
    kafka.start();
    return kafka;
  }

  /** Starts it again after {@link #kill9} or {@link #stop}, on the same port and data. */
  public void start() {
    List<String> arguments = new ArrayList<>();
    arguments.add(directory.toString());
    arguments.add(Integer.toString(port));
    properties.forEach((name, value) -> arguments.add(name + "=" + value));
    RunningProcess started =
        ProcessRunner.java(KafkaMain.class)
            .jvmArguments(jvmArguments.toArray(new String[0]))
            .arguments(arguments.toArray(new String[0]))
            .start();
    process = started;
    started.awaitLine("^ready ", START_TIMEOUT);
  }

  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  public long pid() {
    return running().pid();
  }

  public boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** SIGKILL; returns when the process has ended. */
  public void kill9() {
    running().close();
    process = null;
  }

  /** SIGTERM; returns when the process has ended. */
  public void stop() {
    RunningProcess stopping = running();
    stopping.terminate();
    stopping.awaitExit(STOP_TIMEOUT);
    stopping.close();
    process = null;
  }

  /** SIGSTOP. */
  public void suspend() {
    running().suspend();
  }

  /** SIGCONT. */
  public void resume() {
    running().resume();
  }

  /** Kills it if it runs; the data stays. */
  @Override
  public void close() {
    if (process != null) {
      process.close();
      process = null;
    }
  }

  private RunningProcess running() {
    if (process == null) {
      throw new IllegalStateException("the broker is not running");
    }
    return process;
  }
}
