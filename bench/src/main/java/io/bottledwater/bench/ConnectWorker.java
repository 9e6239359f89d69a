package io.bottledwater.bench;

import io.bottledwater.testkit.ProcessRunner;
import io.bottledwater.testkit.RunningProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** A standalone Kafka Connect worker, as its own start script starts it. */
final class ConnectWorker {
  private static final String[] JVM = {"-Xms256m", "-Xmx2g"};
  private static final String MAIN = "org.apache.kafka.connect.cli.ConnectStandalone";

  private ConnectWorker() {}

  /** What every worker needs. */
  static Map<String, String> properties(Servers servers, Path directory) {
    Map<String, String> p = new TreeMap<>();
    p.put("bootstrap.servers", servers.kafka().bootstrapServers());
    p.put("listeners", "http://127.0.0.1:0");
    p.put("plugin.path", BuildFiles.connectPlugins().toString());
    p.put("plugin.discovery", "service_load");
    p.put("offset.storage.file.filename", directory.resolve("offsets").toString());
    return p;
  }

  /** Starts a worker with one connector. */
  static RunningProcess start(
      Path directory, Map<String, String> worker, Map<String, String> connector) {
    Path workerFile = write(directory.resolve("worker.properties"), worker);
    Path connectorFile = write(directory.resolve("connector.properties"), connector);
    return ProcessRunner.java(MAIN)
        .environment("CLASSPATH", BuildFiles.connectClassPath())
        .jvmArguments(JVM)
        .jvmArguments("-Dlogback.configurationFile=" + logging(directory))
        .arguments(workerFile.toString(), connectorFile.toString())
        .start();
  }

  private static Path write(Path file, Map<String, String> values) {
    Properties properties = new Properties();
    properties.putAll(values);
    try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.ISO_8859_1)) {
      properties.store(writer, null);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path logging(Path directory) {
    try {
      return Files.writeString(
          directory.resolve("logback.xml"),
          """
          <configuration>
            <appender name="err" class="ch.qos.logback.core.ConsoleAppender">
              <target>System.err</target>
              <encoder><pattern>%d %level %logger{20} %msg%n</pattern></encoder>
            </appender>
            <root level="WARN"><appender-ref ref="err"/></root>
          </configuration>
          """);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
