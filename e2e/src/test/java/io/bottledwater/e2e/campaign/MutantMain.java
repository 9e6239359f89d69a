package io.bottledwater.e2e.campaign;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.bottledwater.config.Delivery;
import io.bottledwater.config.OptionValueException;
import io.bottledwater.config.RegistryUrl;
import io.bottledwater.encode.ColumnRules;
import io.bottledwater.encode.OutputFormat;
import io.bottledwater.encode.StandardStyle;
import io.bottledwater.encode.avro.AvroFormat;
import io.bottledwater.encode.json.JsonFormat;
import io.bottledwater.kafka.KafkaSink;
import io.bottledwater.kafka.KafkaSinkSettings;
import io.bottledwater.pump.Pump;
import io.bottledwater.pump.PumpListener;
import io.bottledwater.pump.PumpSettings;
import io.bottledwater.pump.RowFilters;
import io.bottledwater.record.TopicNaming;
import io.bottledwater.registry.client.HttpSchemaRegistry;
import io.bottledwater.schema.SchemaRegistry;
import io.bottledwater.schema.SubjectVersion;
import io.bottledwater.source.catalog.PostgresConnector;
import io.bottledwater.type.TypeOptions;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.slf4j.LoggerFactory;

/** The pump with one of its parts replaced by a wrong one; takes a scene's arguments. */
final class MutantMain {
  private MutantMain() {}

  public static void main(String[] arguments) throws Exception {
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.INFO);
    Map<String, String> options = new HashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      options.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
    Pump pump = pump(options, Mutant.valueOf(options.get("--mutant")));
    Thread main = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  pump.stop();
                  try {
                    main.join();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  Runtime.getRuntime().halt(0);
                }));
    try {
      pump.run();
    } catch (RuntimeException e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(3);
    }
  }

  private static Pump pump(Map<String, String> options, Mutant mutant)
      throws OptionValueException, SQLException {
    String slot = options.get("--slot");
    String tables = options.getOrDefault("--tables", "public.*");
    String prefix = options.get("--topic-prefix");
    String brokers = options.get("--broker");
    PumpSettings settings =
        new PumpSettings(
            slot,
            slot,
            prefix,
            (schema, table) -> tables.equals("public.*") || tables.equals(schema + "." + table),
            false,
            ColumnRules.NONE,
            RowFilters.NONE,
            null,
            null,
            false,
            false,
            2,
            true,
            true,
            null,
            Duration.ofSeconds(60),
            origin -> new StandardStyle(TypeOptions.DEFAULTS, TopicNaming.STANDARD, origin),
            format(options, mutant));
    KafkaSinkSettings kafka =
        new KafkaSinkSettings(
            brokers,
            Map.of(),
            Map.of(),
            prefix + ".",
            slot,
            mutant == Mutant.NOT_TRANSACTIONAL ? Delivery.AT_LEAST_ONCE : Delivery.EXACTLY_ONCE,
            2,
            null,
            false,
            true,
            false,
            false);
    return new Pump(
        settings,
        connector(URI.create(options.get("--postgres")), mutant),
        () ->
            new MutantSink(
                mutant, KafkaSink.open(kafka), () -> new UnfencedWriter(brokers, prefix, slot)),
        PumpListener.NONE);
  }

  private static PostgresConnector connector(URI uri, Mutant mutant) throws SQLException {
    Properties login = new Properties();
    String user = uri.getUserInfo();
    login.setProperty("user", user.substring(0, user.indexOf(':')));
    login.setProperty("password", user.substring(user.indexOf(':') + 1));
    String address = uri.getAuthority().substring(uri.getAuthority().indexOf('@') + 1);
    String url = "jdbc:postgresql://" + address + uri.getPath();
    return new PostgresConnector(
        mutant == Mutant.AUTOMATIC_FLUSH ? AutoFlushDriver.url(url) : url,
        login,
        address + uri.getPath());
  }

  private static OutputFormat format(Map<String, String> options, Mutant mutant)
      throws OptionValueException {
    if (options.get("--output-format").equals("json")) {
      OutputFormat json = new JsonFormat();
      return mutant == Mutant.TOAST_AS_NULL ? new ToastAsNull(json) : json;
    }
    SchemaRegistry registry =
        new HttpSchemaRegistry(RegistryUrl.parseList(options.get("--schema-registry")));
    return new AvroFormat(mutant == Mutant.SCHEMA_ID_REUSED ? new ReusedIds(registry) : registry);
  }

  private static final class ReusedIds implements SchemaRegistry {
    private final SchemaRegistry registry;
    private int first;

    ReusedIds(SchemaRegistry registry) {
      this.registry = registry;
    }

    @Override
    public synchronized int register(String subject, String type, String schema) {
      int id = registry.register(subject, type, schema);
      if (first == 0) {
        first = id;
      }
      return first;
    }

    @Override
    public Optional<SubjectVersion> newest(String subject) {
      return registry.newest(subject);
    }

    @Override
    public List<SubjectVersion> versionsAfter(String subject, int after) {
      return registry.versionsAfter(subject, after);
    }

    @Override
    public void close() {
      registry.close();
    }
  }
}
