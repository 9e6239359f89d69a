package io.bottledwater.kafka.config;

import io.bottledwater.config.OptionValueException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one of librdkafka's property names: a Kafka property, or a reason why there is
 * none.
 *
 * @param name as in librdkafka's CONFIGURATION.md
 * @param kafkaName the property that answers to it; null when there is none
 * @param conversion turns librdkafka's value into Kafka's
 * @param reason a sentence that says why there is no counterpart; empty when there is one
 */
record LibrdkafkaName(
    String name, @Nullable String kafkaName, Conversion conversion, String reason) {
  /** Turns librdkafka's value into Kafka's. */
  @FunctionalInterface
  interface Conversion {
    String convert(String value) throws OptionValueException;
  }

  static LibrdkafkaName translated(String name, String kafkaName, Conversion conversion) {
    return new LibrdkafkaName(name, kafkaName, conversion, "");
  }

  static LibrdkafkaName translated(String name, String kafkaName) {
    return translated(name, kafkaName, value -> value);
  }

  static LibrdkafkaName without(String name, String reason) {
    return new LibrdkafkaName(name, null, value -> value, reason);
  }

  Optional<String> counterpart() {
    return Optional.ofNullable(kafkaName);
  }
}
