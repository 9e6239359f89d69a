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

/**
 * The peer: Debezium's PostgreSQL connector in a standalone Kafka Connect worker, JSON without
 * schemas, with queues and batches larger than its defaults, and as many snapshot threads as the
 * machine has processors.
 */
final class DebeziumSubject implements Subject {
  static final String NAME = "debezium";

  // What Kafka's own start script gives a Connect worker.
  private static final String[] JVM = {"-Xms256m", "-Xmx2g"};
  private static final String MAIN = "org.apache.kafka.connect.cli.ConnectStandalone";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public RunningProcess start(Job job, Servers servers) {
    Path directory = servers.scratch(job.id());
    Path worker = write(directory.resolve("worker.properties"), worker(servers, directory));
    Path connector = write(directory.resolve("connector.properties"), connector(job, servers));
    return ProcessRunner.java(MAIN)
        .environment("CLASSPATH", BuildFiles.connectClassPath())
        .jvmArguments(JVM)
        .jvmArguments("-Dlogback.configurationFile=" + logging(directory))
        .arguments(worker.toString(), connector.toString())
        .start();
  }

  private static Map<String, String> worker(Servers servers, Path directory) {
    Map<String, String> p = new TreeMap<>();
    p.put("bootstrap.servers", servers.kafka().bootstrapServers());
    p.put("listeners", "http://127.0.0.1:0");
    p.put("plugin.path", BuildFiles.connectPlugins().toString());
    p.put("plugin.discovery", "service_load");
    p.put("offset.storage.file.filename", directory.resolve("offsets").toString());
    p.put("offset.flush.interval.ms", "10000");
    for (String side : new String[] {"key", "value"}) {
      p.put(side + ".converter", "org.apache.kafka.connect.json.JsonConverter");
      p.put(side + ".converter.schemas.enable", "false");
    }
    p.put("producer.batch.size", "262144");
    p.put("producer.linger.ms", "50");
    p.put("producer.buffer.memory", "67108864");
    p.put("producer.max.request.size", "16777216");
    return p;
  }

  private static Map<String, String> connector(Job job, Servers servers) {
    Map<String, String> p = new TreeMap<>();
    p.put("name", job.id());
    p.put("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
    p.put("tasks.max", "1");
    p.put("database.hostname", "127.0.0.1");
    p.put("database.port", Integer.toString(servers.postgres().port()));
    p.put("database.user", servers.postgres().user());
    p.put("database.password", servers.postgres().password());
    p.put("database.dbname", job.database());
    p.put("plugin.name", "pgoutput");
    p.put("slot.name", job.slot());
    p.put("publication.name", job.publication());
    p.put("publication.autocreate.mode", "disabled");
    p.put("topic.prefix", job.id());
    p.put("snapshot.mode", job.scenario().isSnapshot() ? "initial" : "no_data");
    p.put("snapshot.max.threads", Integer.toString(Runtime.getRuntime().availableProcessors()));
    p.put("snapshot.fetch.size", "10240");
    p.put("max.batch.size", "16384");
    p.put("max.queue.size", "65536");
    p.put("poll.interval.ms", "50");
    p.put("tombstones.on.delete", "false");
    return p;
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

  @Override
  public Finish finish(Job job) {
    return Finish.TOPICS;
  }

  @Override
  public String topic(Job job, String table) {
    return job.id() + ".public." + table;
  }
}
