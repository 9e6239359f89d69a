package io.bottledwater.config;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * All that the pump is told, checked and typed.
 *
 * @param publication the slot's name unless given
 * @param brokers Kafka's bootstrap servers, at least one
 * @param brokersGiven false when {@code brokers} is only the default, which a {@code
 *     bootstrap.servers} among the Kafka properties then replaces
 * @param registries at least one; unused when the format needs none
 * @param kafkaProperties as given, librdkafka's names untranslated; may hold secrets
 * @param topicProperties as given, librdkafka's names untranslated
 * @param outputFormat the name of a format, not yet looked for
 * @param snapshotThreads at least 1
 * @param catchUp whether a backlog may be read ahead of the stream
 * @param binary whether values may come in binary form
 * @param retryLimit how long an unreachable system is tried again; zero for not at all
 */
public record PumpConfig(
    PostgresConfig postgres,
    String slot,
    String publication,
    List<HostPort> brokers,
    boolean brokersGiven,
    List<RegistryUrl> registries,
    Map<String, String> kafkaProperties,
    Map<String, String> topicProperties,
    Delivery delivery,
    Partitioner partitioner,
    OptionalInt topicPartitions,
    OptionalInt topicReplicationFactor,
    String outputFormat,
    boolean jsonSchema,
    boolean allowUnkeyed,
    Optional<String> topicPrefix,
    StyleConfig style,
    TableFilter tables,
    ColumnChoice columns,
    List<RowCondition> rowConditions,
    MessageChoice messages,
    Optional<TableName> outbox,
    OutboxColumns outboxColumns,
    boolean headers,
    NumericForm numeric,
    EnumForm enums,
    SpecialValueForm specialValues,
    OnError onError,
    OnIncompatibleSchema onIncompatibleSchema,
    boolean skipSnapshot,
    int snapshotThreads,
    boolean catchUp,
    boolean binary,
    Duration retryLimit,
    SinkKind sink,
    LogFormat logFormat) {

  /**
   * Puts the options together.
   *
   * @param environment for the {@code PG*} variables
   * @param warnings takes a sentence for each thing that was ignored
   * @throws BottledWaterException with {@link ErrorCode#USAGE}
   */
  public static PumpConfig from(
      ParsedOptions options, Map<String, String> environment, Consumer<String> warnings) {
    PostgresConfig postgres = readPostgres(options, environment, warnings);
    if (options.get(PumpOptions.JSON_SCHEMA)
        && !options.get(PumpOptions.OUTPUT_FORMAT).equals("json")) {
      throw options.refusal(
          PumpOptions.JSON_SCHEMA,
          new OptionValueException(
              "the output format is not json", "Add --output-format=json, or leave it out."));
    }
    if (options.get(PumpOptions.JSON_SCHEMA)
        && options.get(PumpOptions.TYPE_MAPPING) == StyleConfig.Mapping.CLASSIC) {
      throw options.refusal(
          PumpOptions.JSON_SCHEMA,
          new OptionValueException(
              "the classic mapping writes Avro's JSON, which it does not describe",
              "Leave it out, or take --type-mapping=standard."));
    }
    String slot = options.get(PumpOptions.SLOT);
    int cores = Runtime.getRuntime().availableProcessors();
    return new PumpConfig(
        postgres,
        slot,
        options.find(PumpOptions.PUBLICATION).orElse(slot),
        options.get(PumpOptions.BROKER),
        options.isGiven(PumpOptions.BROKER),
        options.get(PumpOptions.SCHEMA_REGISTRY),
        options.find(PumpOptions.KAFKA_CONFIG).orElse(Map.of()),
        options.find(PumpOptions.TOPIC_CONFIG).orElse(Map.of()),
        options.get(PumpOptions.DELIVERY),
        options.get(PumpOptions.PARTITIONER),
        optionalInt(options, PumpOptions.TOPIC_PARTITIONS),
        optionalInt(options, PumpOptions.TOPIC_REPLICATION_FACTOR),
        options.get(PumpOptions.OUTPUT_FORMAT),
        options.get(PumpOptions.JSON_SCHEMA),
        options.get(PumpOptions.ALLOW_UNKEYED),
        options.find(PumpOptions.TOPIC_PREFIX),
        StyleConfig.of(options),
        new TableFilter(
            options.find(PumpOptions.TABLES).orElse(List.of()),
            options.find(PumpOptions.EXCLUDE_TABLES).orElse(List.of())),
        ColumnChoice.from(options),
        options.find(PumpOptions.ROW_FILTER).orElse(List.of()),
        options.get(PumpOptions.MESSAGES),
        options.find(PumpOptions.OUTBOX),
        options.get(PumpOptions.OUTBOX_COLUMNS),
        options.get(PumpOptions.HEADERS),
        options.find(PumpOptions.NUMERIC).orElse(NumericForm.DECLARED),
        options.get(PumpOptions.ENUM),
        options.get(PumpOptions.SPECIAL_VALUES),
        options.get(PumpOptions.ON_ERROR),
        options.get(PumpOptions.ON_INCOMPATIBLE_SCHEMA),
        options.get(PumpOptions.SKIP_SNAPSHOT),
        options.find(PumpOptions.SNAPSHOT_THREADS).orElse(Math.min(4, cores)),
        options.get(PumpOptions.CATCH_UP) == CatchUpMode.AUTO,
        options.get(PumpOptions.VALUE_FORM) == ValueForm.AUTO,
        Duration.ofSeconds(options.get(PumpOptions.RETRY_LIMIT)),
        options.get(PumpOptions.SINK),
        options.get(PumpOptions.LOG_FORMAT));
  }

  /** Names where data comes from and goes to, and no secret. */
  @Override
  public String toString() {
    return postgres + " slot " + slot + " to " + Choice.wordFor(sink) + " " + brokers;
  }

  /**
   * The database alone, for commands that need nothing else.
   *
   * @throws BottledWaterException with {@link ErrorCode#USAGE}
   */
  public static PostgresConfig postgres(
      ParsedOptions options, Map<String, String> environment, Consumer<String> warnings) {
    return readPostgres(options, environment, warnings);
  }

  private static PostgresConfig readPostgres(
      ParsedOptions options, Map<String, String> environment, Consumer<String> warnings) {
    String text =
        options
            .find(PumpOptions.POSTGRES)
            .orElseThrow(
                () ->
                    new BottledWaterException(
                        ErrorCode.USAGE,
                        PumpOptions.POSTGRES + ": no database is named.",
                        "Write --postgres=postgres://user@host:5432/database; postgres:// alone"
                            + " takes all from the PG* variables.",
                        null));
    try {
      return PostgresConfig.parse(text, environment, warnings);
    } catch (OptionValueException refused) {
      throw options.refusal(PumpOptions.POSTGRES, refused);
    }
  }

  private static OptionalInt optionalInt(ParsedOptions options, Option<Integer> option) {
    return options.find(option).stream().mapToInt(Integer::intValue).findFirst();
  }
}
