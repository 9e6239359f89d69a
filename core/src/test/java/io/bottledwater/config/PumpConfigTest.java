package io.bottledwater.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PumpConfigTest {
  @Test
  void hasTheContractsDefaults() {
    PumpConfig config = read(Map.of("BOTTLEDWATER_POSTGRES", "postgres://h/d"));

    assertThat(config.slot()).isEqualTo("bottledwater");
    assertThat(config.publication()).isEqualTo("bottledwater");
    assertThat(config.brokers()).containsExactly(new HostPort("localhost", 9092));
    assertThat(config.brokersGiven()).isFalse();
    assertThat(config.registries()).hasToString("[http://localhost:8081]");
    assertThat(config.outputFormat()).isEqualTo("avro");
    assertThat(config.allowUnkeyed()).isFalse();
    assertThat(config.topicPrefix()).isEmpty();
    assertThat(config.onError()).isEqualTo(OnError.EXIT);
    assertThat(config.skipSnapshot()).isFalse();
    assertThat(config.delivery()).isEqualTo(Delivery.EXACTLY_ONCE);
    assertThat(config.partitioner()).isEqualTo(Partitioner.MURMUR2);
    assertThat(config.topicPartitions()).isEmpty();
    assertThat(config.tables().isAll()).isTrue();
    assertThat(config.headers()).isTrue();
    assertThat(config.snapshotThreads()).isBetween(1, 4);
    assertThat(config.retryLimit()).isEqualTo(Duration.ofSeconds(300));
    assertThat(config.sink()).isEqualTo(SinkKind.KAFKA);
  }

  @Test
  void readsEveryOptionFromTheEnvironment() {
    PumpConfig config =
        read(
            Map.ofEntries(
                Map.entry("BOTTLEDWATER_POSTGRES", "postgres://h/d"),
                Map.entry("BOTTLEDWATER_SLOT", "s1"),
                Map.entry("BOTTLEDWATER_BROKER", "k1,k2:1"),
                Map.entry("BOTTLEDWATER_SCHEMA_REGISTRY", "http://u:p@r:1/"),
                Map.entry("BOTTLEDWATER_OUTPUT_FORMAT", "json"),
                Map.entry("BOTTLEDWATER_ALLOW_UNKEYED", "true"),
                Map.entry("BOTTLEDWATER_TOPIC_PREFIX", "pre.fix"),
                Map.entry("BOTTLEDWATER_ON_ERROR", "log"),
                Map.entry("BOTTLEDWATER_SKIP_SNAPSHOT", "yes"),
                Map.entry("BOTTLEDWATER_KAFKA_CONFIG", "linger.ms=5\n\nsasl.jaas.config=a=b,c;\n"),
                Map.entry("BOTTLEDWATER_TABLES", "public.a,public.b"),
                Map.entry("BOTTLEDWATER_DELIVERY", "at-least-once"),
                Map.entry("BOTTLEDWATER_TOPIC_PARTITIONS", "12"),
                Map.entry("BOTTLEDWATER_HEADERS", "off"),
                Map.entry("BOTTLEDWATER_RETRY_LIMIT", "0"),
                Map.entry("BOTTLEDWATER_PUBLICATION", ""),
                Map.entry("BOTTLEDWATER_SINK", "discard")));

    assertThat(config.slot()).isEqualTo("s1");
    assertThat(config.publication()).isEqualTo("s1");
    assertThat(config.brokers()).hasToString("[k1:9092, k2:1]");
    assertThat(config.brokersGiven()).isTrue();
    assertThat(config.registries().get(0).password()).isEqualTo("p");
    assertThat(config.outputFormat()).isEqualTo("json");
    assertThat(config.allowUnkeyed()).isTrue();
    assertThat(config.topicPrefix()).contains("pre.fix");
    assertThat(config.onError()).isEqualTo(OnError.LOG);
    assertThat(config.skipSnapshot()).isTrue();
    assertThat(config.kafkaProperties())
        .isEqualTo(Map.of("linger.ms", "5", "sasl.jaas.config", "a=b,c;"));
    assertThat(config.tables().matches("public", "b")).isTrue();
    assertThat(config.tables().matches("public", "c")).isFalse();
    assertThat(config.delivery()).isEqualTo(Delivery.AT_LEAST_ONCE);
    assertThat(config.topicPartitions()).hasValue(12);
    assertThat(config.headers()).isFalse();
    assertThat(config.retryLimit()).isZero();
    assertThat(config.sink()).isEqualTo(SinkKind.DISCARD);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "SLOT; My-Slot; BOTTLEDWATER_SLOT: 'My-Slot' cannot name a replication slot.",
        "JSON_SCHEMA; on; BOTTLEDWATER_JSON_SCHEMA: the output format is not json.",
        "ON_ERROR; exti; BOTTLEDWATER_ON_ERROR: 'exti' is not one of exit, log. Did you mean exit?",
        "TOPIC_PREFIX; a b; BOTTLEDWATER_TOPIC_PREFIX: 'a b' cannot begin a topic's name.",
        "TOPIC_PARTITIONS; 0; BOTTLEDWATER_TOPIC_PARTITIONS: '0' is not a whole number from 1",
        "SNAPSHOT_THREADS; 1e3; BOTTLEDWATER_SNAPSHOT_THREADS: '1e3' is not a whole number",
        "RETRY_LIMIT; 99999999999; BOTTLEDWATER_RETRY_LIMIT: '99999999999' is not a whole number",
        "HEADERS; maybe; BOTTLEDWATER_HEADERS: 'maybe' is neither on nor off.",
        "KAFKA_CONFIG; geheim; BOTTLEDWATER_KAFKA_CONFIG: a property is not of the form P=V.",
        "POSTGRES; postgres://u:geheim@h:0/d; BOTTLEDWATER_POSTGRES: port '0' is not a number"
      })
  void refusesABadValueWithItsOriginAndNoSecret(String option, String value, String complaint) {
    Map<String, String> environment = new HashMap<>(Map.of("BOTTLEDWATER_POSTGRES", "host=h"));
    environment.put("BOTTLEDWATER_" + option, value);

    BottledWaterException refused =
        catchThrowableOfType(BottledWaterException.class, () -> read(environment));

    assertThat(refused.code()).isEqualTo(ErrorCode.USAGE);
    assertThat(refused.getMessage()).startsWith("BW-USAGE: " + complaint).doesNotContain("geheim");
  }

  @Test
  void refusesSlotAndPrefixThatAreTooLong() {
    assertThat(
            catchThrowableOfType(OptionValueException.class, () -> SlotName.parse("a".repeat(64))))
        .isNotNull();
    assertThat(
            catchThrowableOfType(
                OptionValueException.class, () -> TopicPrefix.parse("a".repeat(248))))
        .isNotNull();
  }

  @Test
  void refusesToStartWithoutDatabase() {
    BottledWaterException refused =
        catchThrowableOfType(BottledWaterException.class, () -> read(Map.of()));

    assertThat(refused.found()).isEqualTo("--postgres: no database is named.");
  }

  @Test
  void takesTheStrongestSource() {
    OptionSource first = option -> option == PumpOptions.SLOT ? setting("one") : none();
    OptionSource second = option -> option == PumpOptions.SLOT ? setting("NOT CHECKED") : none();

    ParsedOptions parsed =
        ParsedOptions.resolve(List.of(PumpOptions.SLOT), List.of(first, second), List.of());

    assertThat(parsed.get(PumpOptions.SLOT)).isEqualTo("one");
  }

  @Test
  void refusesAMistypedVariableAndOnlyWarnsOfAForeignOne() {
    List<String> warnings = new ArrayList<>();
    EnvironmentSource kubernetes =
        new EnvironmentSource(
            Map.of("BOTTLEDWATER_SERVICE_HOST", "10.0.0.1", "BOTTLEDWATER_LOG_LEVEL", "info"));
    EnvironmentSource mistyped = new EnvironmentSource(Map.of("BOTTLEDWATER_SLTO", "x"));

    kubernetes.refuseMistyped(PumpOptions.ALL, warnings::add);

    assertThat(warnings).singleElement().asString().contains("BOTTLEDWATER_SERVICE_HOST");
    assertThat(
            catchThrowableOfType(
                BottledWaterException.class,
                () -> mistyped.refuseMistyped(PumpOptions.ALL, warnings::add)))
        .hasMessageContaining("Did you mean BOTTLEDWATER_SLOT?");
  }

  @Test
  void declaresEachNameAndLetterOnce() {
    Set<String> names = new HashSet<>();
    for (Option<?> option : PumpOptions.ALL) {
      assertThat(names.add(option.name())).as(option.name()).isTrue();
      option
          .letter()
          .ifPresent(letter -> assertThat(names.add("-" + letter)).as("-" + letter).isTrue());
      assertThat(option.help()).as(option.name()).endsWith(".");
    }
    assertThat(names)
        .contains("-d", "-s", "-b", "-r", "-f", "-u", "-p", "-e", "-x", "-C", "-T", "-h")
        .contains("config-help");
  }

  private static Optional<OptionSetting> setting(String text) {
    return Optional.of(new OptionSetting(List.of(text), "test"));
  }

  private static Optional<OptionSetting> none() {
    return Optional.empty();
  }

  private static PumpConfig read(Map<String, String> environment) {
    ParsedOptions parsed =
        ParsedOptions.resolve(
            PumpOptions.ALL, List.of(new EnvironmentSource(environment)), List.of());
    return PumpConfig.from(parsed, Map.of(), warning -> {});
  }
}
