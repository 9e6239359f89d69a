package io.bottledwater.cli;

import io.bottledwater.config.OnError;
import io.bottledwater.config.OnIncompatibleSchema;
import io.bottledwater.config.Partitioner;
import io.bottledwater.config.PostgresConfig;
import io.bottledwater.config.PumpConfig;
import io.bottledwater.encode.OutputFormat;
import io.bottledwater.error.ExitCode;
import io.bottledwater.kafka.KafkaSink;
import io.bottledwater.kafka.KafkaSinkSettings;
import io.bottledwater.kafka.config.KafkaSettings;
import io.bottledwater.pump.Pump;
import io.bottledwater.pump.PumpListener;
import io.bottledwater.pump.PumpSettings;
import io.bottledwater.pump.SinkFactory;
import io.bottledwater.registry.client.HttpSchemaRegistry;
import io.bottledwater.registry.client.IncompatibilityPolicy;
import io.bottledwater.sink.DiscardSink;
import io.bottledwater.sink.StdoutSink;
import io.bottledwater.source.catalog.PostgresConnector;
import java.time.Duration;
import java.util.stream.Collectors;

/** Puts a pump together from what the user said: the one place that knows all parts. */
final class PumpWiring implements PumpRunner {
  // One call to a registry that does not answer; the pump itself tries again until its own limit.
  private static final Duration REGISTRY_CALL_LIMIT = Duration.ofSeconds(10);

  @Override
  public int run(PumpConfig config, KafkaSettings kafka, Console console) throws Exception {
    try (HttpSchemaRegistry registry = registry(config);
        SnapshotProgressView view = new SnapshotProgressView(console)) {
      Pump pump = pump(config, kafka, registry, console, view);
      console.stopSignal().onStop(pump::stop);
      pump.run();
      return ExitCode.OK;
    }
  }

  static Pump pump(
      PumpConfig config,
      KafkaSettings kafka,
      HttpSchemaRegistry registry,
      Console console,
      PumpListener listener) {
    boolean force = config.onIncompatibleSchema() == OnIncompatibleSchema.FORCE;
    OutputFormat format = Styles.format(config, new IncompatibilityPolicy(registry, force));
    if (!format.isText()) {
      registry.warmUp();
    }
    PumpSettings settings =
        new PumpSettings(
            config.slot(),
            config.publication(),
            config.topicPrefix().orElse(""),
            config.tables()::matches,
            !config.tables().isAll(),
            RuleWiring.columns(config.columns()),
            RuleWiring.rows(config.rowConditions()),
            config.messages().isOff() ? null : config.messages()::matches,
            RuleWiring.outbox(config),
            config.allowUnkeyed(),
            config.skipSnapshot(),
            config.snapshotThreads(),
            config.catchUp(),
            config.binary(),
            config.onIncompatibleSchema() == OnIncompatibleSchema.NEW_TOPIC
                ? subject -> registry.newest(subject).isPresent()
                : null,
            config.retryLimit(),
            Styles.factory(config),
            format);
    return new Pump(
        settings,
        connector(config),
        sinks(config, kafka, console, format.isText(), false),
        listener);
  }

  static HttpSchemaRegistry registry(PumpConfig config) {
    Duration limit =
        config.retryLimit().compareTo(REGISTRY_CALL_LIMIT) < 0
            ? config.retryLimit()
            : REGISTRY_CALL_LIMIT;
    return new HttpSchemaRegistry(config.registries(), limit);
  }

  static PostgresConnector connector(PumpConfig config) {
    return connector(config.postgres());
  }

  static PostgresConnector connector(PostgresConfig postgres) {
    return new PostgresConnector(
        postgres.jdbcUrl(), postgres.jdbcProperties(), postgres.describe());
  }

  /** Sinks for an operator's repair, which take topics as they are. */
  static SinkFactory repairingSinks(PumpConfig config, KafkaSettings kafka, Console console) {
    return sinks(config, kafka, console, false, true);
  }

  private static SinkFactory sinks(
      PumpConfig config,
      KafkaSettings kafka,
      Console console,
      boolean textRecords,
      boolean repairing) {
    return switch (config.sink()) {
      case KAFKA -> {
        KafkaSinkSettings settings =
            new KafkaSinkSettings(
                kafka.clientProperties().getOrDefault("bootstrap.servers", brokers(config)),
                kafka.clientProperties(),
                kafka.topicProperties(),
                config.topicPrefix().map(prefix -> prefix + ".").orElse(""),
                config.slot(),
                config.delivery(),
                config.topicPartitions().isPresent() ? config.topicPartitions().getAsInt() : null,
                config.topicReplicationFactor().isPresent()
                    ? (short) config.topicReplicationFactor().getAsInt()
                    : null,
                config.partitioner() == Partitioner.CRC32,
                config.headers(),
                config.onError() == OnError.LOG,
                repairing);
        yield () -> KafkaSink.open(settings);
      }
      case DISCARD -> DiscardSink::new;
      case STDOUT -> () -> new StdoutSink(console.out(), textRecords);
    };
  }

  private static String brokers(PumpConfig config) {
    return config.brokers().stream().map(Object::toString).collect(Collectors.joining(","));
  }
}
