package io.bottledwater.kafka.config;

import io.bottledwater.config.Secrets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;

/** What {@code --config-help} prints, from Kafka's own declarations. */
public final class ProducerPropertyTable {
  private static final int WIDTH = 80;

  private ProducerPropertyTable() {}

  /** One paragraph a property, in alphabetical order, then the names without counterpart. */
  public static String asText() {
    StringBuilder text = new StringBuilder();
    text.append("Properties for --kafka-config (Kafka's producer):\n");
    ProducerConfig.configDef().configKeys().values().stream()
        .filter(key -> !key.internalConfig && !GuardedProperties.isClosed(key.name))
        .sorted((a, b) -> a.name.compareTo(b.name))
        .forEach(key -> describe(text, key));
    text.append("\nlibrdkafka's names that are joined into sasl.jaas.config:\n  ");
    text.append(LibrdkafkaNames.SASL_USERNAME).append(", ").append(LibrdkafkaNames.SASL_PASSWORD);
    text.append("\n\nlibrdkafka's names for --topic-config that set a producer property:\n");
    for (LibrdkafkaName name : LibrdkafkaNames.topics()) {
      name.counterpart()
          .ifPresent(kafka -> text.append("  " + name.name() + " -> " + kafka + "\n"));
    }
    text.append("\nlibrdkafka's names without counterpart:\n");
    for (LibrdkafkaName name : LibrdkafkaNames.globals()) {
      if (name.counterpart().isEmpty()) {
        text.append("  ").append(name.name()).append('\n');
        wrap(text, name.reason());
      }
    }
    return text.toString();
  }

  private static void describe(StringBuilder text, ConfigDef.ConfigKey key) {
    text.append('\n').append(key.name).append('\n');
    text.append("  type: ").append(key.type).append('\n');
    String validator = key.validator == null ? "" : key.validator.toString();
    String range = GuardedProperties.allowed(key.name).orElse(validator);
    if (!range.isBlank()) {
      text.append("  range: ").append(range).append('\n');
    }
    text.append("  default: ").append(defaultOf(key)).append('\n');
    List<String> names = new ArrayList<>();
    for (LibrdkafkaName name : LibrdkafkaNames.globals()) {
      if (key.name.equals(name.kafkaName())) {
        names.add(name.name());
      }
    }
    if (!names.isEmpty()) {
      text.append("  librdkafka: ").append(String.join(", ", names)).append('\n');
    }
    wrap(text, plain(key.documentation));
  }

  private static String defaultOf(ConfigDef.ConfigKey key) {
    if (!key.hasDefault()) {
      return "none";
    }
    String value = ConfigDef.convertToString(key.defaultValue, key.type);
    if (value == null) {
      return "none";
    }
    return value.isEmpty() ? "empty" : Secrets.show(key.name, value);
  }

  /** Kafka writes its descriptions for web pages. */
  private static String plain(String documentation) {
    return documentation
        .replaceAll("<li>", " - ")
        .replaceAll("<[^>]*>", "")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&");
  }

  private static void wrap(StringBuilder text, String words) {
    StringBuilder line = new StringBuilder("   ");
    for (String word : Arrays.asList(words.strip().split("\\s+"))) {
      if (line.length() > 3 && line.length() + 1 + word.length() > WIDTH) {
        text.append(line).append('\n');
        line.setLength(3);
      }
      line.append(' ').append(word);
    }
    text.append(line).append('\n');
  }
}
