package io.bottledwater.bench;

import io.bottledwater.testkit.RunningProcess;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The peer: Debezium's PostgreSQL connector in a standalone Kafka Connect worker, JSON without
 * schemas, with queues and batches larger than its defaults, and as many snapshot threads as the
 * machine has processors; where latency is measured, with nothing that makes it wait.
 */
final class DebeziumSubject implements Subject {
  static final String NAME = "debezium";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public RunningProcess start(Job job, Servers servers) {
    Path directory = servers.scratch(job.id());
    Map<String, String> worker = worker(servers, directory, job.scenario().isLatency());
    return ConnectWorker.start(directory, worker, connector(job, servers));
  }

  private static Map<String, String> worker(Servers servers, Path directory, boolean latency) {
    Map<String, String> p = ConnectWorker.properties(servers, directory);
    p.put("offset.flush.interval.ms", "10000");
    for (String side : new String[] {"key", "value"}) {
      p.put(side + ".converter", "org.apache.kafka.connect.json.JsonConverter");
      p.put(side + ".converter.schemas.enable", "false");
    }
    if (latency) {
      p.put("producer.linger.ms", "0");
    } else {
      p.put("producer.batch.size", "262144");
      p.put("producer.linger.ms", "50");
      p.put("producer.buffer.memory", "67108864");
    }
    p.put("producer.max.request.size", "16777216");
    return p;
  }

  private static Map<String, String> connector(Job job, Servers servers) {
    Map<String, String> p = connector(servers, job.id(), job.database());
    p.put("slot.name", job.slot());
    p.put("publication.name", job.publication());
    p.put("publication.autocreate.mode", "disabled");
    p.put("snapshot.mode", job.scenario().isSnapshot() ? "initial" : "no_data");
    p.put("snapshot.max.threads", Integer.toString(Runtime.getRuntime().availableProcessors()));
    p.put("snapshot.fetch.size", "10240");
    if (job.scenario().isLatency()) {
      // So long it waits for a batch to fill, and between two looks at an idle stream.
      p.put("poll.interval.ms", "1");
    } else {
      p.put("max.batch.size", "16384");
      p.put("max.queue.size", "65536");
      p.put("poll.interval.ms", "50");
    }
    p.put("tombstones.on.delete", "false");
    return p;
  }

  /**
   * A connector with all its defaults.
   *
   * @param name of the connector; prefixes its topics
   */
  static Map<String, String> connector(Servers servers, String name, String database) {
    Map<String, String> p = new TreeMap<>();
    p.put("name", name);
    p.put("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
    p.put("tasks.max", "1");
    p.put("database.hostname", "127.0.0.1");
    p.put("database.port", Integer.toString(servers.postgres().port()));
    p.put("database.user", servers.postgres().user());
    p.put("database.password", servers.postgres().password());
    p.put("database.dbname", database);
    p.put("plugin.name", "pgoutput");
    p.put("topic.prefix", name);
    return p;
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
