package io.bottledwater.kafka.config;

import io.bottledwater.config.HostPort;
import io.bottledwater.config.NearestName;
import io.bottledwater.config.OptionValueException;
import io.bottledwater.config.ParsedOptions;
import io.bottledwater.config.PumpConfig;
import io.bottledwater.config.PumpOptions;
import io.bottledwater.config.Secrets;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.error.OneLine;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Checked properties under Kafka's own names. Immutable.
 *
 * @param clientProperties for the producer, {@code bootstrap.servers} among them; may hold secrets
 * @param topicProperties for topics that the pump creates; the broker checks their values
 */
public record KafkaSettings(
    Map<String, String> clientProperties, Map<String, String> topicProperties) {
  private static final String BOOTSTRAP = ProducerConfig.BOOTSTRAP_SERVERS_CONFIG;

  public KafkaSettings {
    clientProperties = Map.copyOf(clientProperties);
    topicProperties = Map.copyOf(topicProperties);
  }

  /**
   * Translates and checks {@code --kafka-config} and {@code --topic-config}.
   *
   * @param options where {@code config} came from, for messages
   * @throws BottledWaterException with {@link ErrorCode#KAFKA_CONFIG}
   */
  public static KafkaSettings from(PumpConfig config, ParsedOptions options) {
    Map<String, String> client = new TreeMap<>();
    Map<String, String> topic = new TreeMap<>();
    try {
      for (Map.Entry<String, String> property : config.kafkaProperties().entrySet()) {
        putClient(client, property.getKey(), property.getValue());
      }
      joinCredentials(client);
      joinPem(client, config.kafkaProperties().keySet());
      chooseBrokers(client, config);
    } catch (OptionValueException refused) {
      throw options.refusal(PumpOptions.KAFKA_CONFIG, refused, ErrorCode.KAFKA_CONFIG);
    }
    try {
      for (Map.Entry<String, String> property : config.topicProperties().entrySet()) {
        putTopic(client, topic, property.getKey(), property.getValue());
      }
    } catch (OptionValueException refused) {
      throw options.refusal(PumpOptions.TOPIC_CONFIG, refused, ErrorCode.KAFKA_CONFIG);
    }
    return new KafkaSettings(client, topic);
  }

  /** The client properties that an admin client knows. */
  public Map<String, String> adminProperties() {
    return only(AdminClientConfig.configNames());
  }

  /** The client properties that a consumer knows. */
  public Map<String, String> consumerProperties() {
    return only(ConsumerConfig.configNames());
  }

  /** Names only: values may be secrets. */
  @Override
  public String toString() {
    return "KafkaSettings" + new TreeSet<>(clientProperties.keySet()) + topicProperties.keySet();
  }

  private Map<String, String> only(Set<String> names) {
    return clientProperties.entrySet().stream()
        .filter(property -> names.contains(property.getKey()))
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static void putClient(Map<String, String> client, String name, String value)
      throws OptionValueException {
    Optional<LibrdkafkaName> known = LibrdkafkaNames.global(name);
    if (known.isPresent()) {
      putTranslated(client, known.get(), value);
      return;
    }
    if (topicPropertyNames().contains(name) && !ProducerConfig.configNames().contains(name)) {
      throw new OptionValueException(
          name + " is a property of topics", "Give it with " + PumpOptions.TOPIC_CONFIG + ".");
    }
    if (!ProducerConfig.configNames().contains(name)) {
      Set<String> names = new TreeSet<>(ProducerConfig.configNames());
      LibrdkafkaNames.globals().forEach(entry -> names.add(entry.name()));
      throw unknown(name, names);
    }
    put(client, name, name, value);
  }

  private static void putTopic(
      Map<String, String> client, Map<String, String> topic, String name, String value)
      throws OptionValueException {
    Optional<LibrdkafkaName> known = LibrdkafkaNames.topic(name);
    if (known.isPresent()) {
      putTranslated(client, known.get(), value);
      return;
    }
    Set<String> names = topicPropertyNames();
    boolean global =
        ProducerConfig.configNames().contains(name) || LibrdkafkaNames.global(name).isPresent();
    if (global && !names.contains(name)) {
      throw new OptionValueException(
          name + " is no property of topics", "Give it with " + PumpOptions.KAFKA_CONFIG + ".");
    }
    if (!names.contains(name)) {
      LibrdkafkaNames.topics().forEach(entry -> names.add(entry.name()));
      throw unknown(name, names);
    }
    topic.put(name, value);
  }

  private static OptionValueException unknown(String name, Collection<String> names) {
    return new OptionValueException(
        "unknown property " + OneLine.quote(name),
        NearestName.suggestion(name, names, "", "`bottledwater --config-help` lists them."));
  }

  private static void putTranslated(Map<String, String> client, LibrdkafkaName name, String value)
      throws OptionValueException {
    String kafkaName = name.counterpart().orElse(null);
    if (kafkaName == null) {
      throw new OptionValueException(
          "librdkafka's " + name.name() + " has no counterpart", name.reason());
    }
    String converted;
    try {
      converted = name.conversion().convert(value);
    } catch (OptionValueException refused) {
      throw new OptionValueException(name.name() + ": " + refused.why(), refused.advice());
    }
    put(client, name.name(), kafkaName, converted);
  }

  private static void put(
      Map<String, String> client, String writtenName, String kafkaName, String value)
      throws OptionValueException {
    GuardedProperties.check(kafkaName, value);
    checkType(writtenName, kafkaName, value);
    if (client.put(kafkaName, value) != null) {
      throw new OptionValueException(
          kafkaName + " is given twice, once as " + writtenName, "Write it once.");
    }
  }

  private static void checkType(String writtenName, String kafkaName, String value)
      throws OptionValueException {
    ConfigDef.ConfigKey key = ProducerConfig.configDef().configKeys().get(kafkaName);
    if (key == null) {
      return;
    }
    try {
      Object parsed = ConfigDef.parseType(kafkaName, value, key.type);
      if (key.validator != null) {
        key.validator.ensureValid(kafkaName, parsed);
      }
    } catch (ConfigException e) {
      String range = key.validator == null ? "" : " within " + OneLine.escape("" + key.validator);
      throw new OptionValueException(
          writtenName + "=" + Secrets.show(kafkaName, OneLine.quote(value)) + " is not allowed",
          "Write a value of type " + key.type + range + ".");
    }
  }

  /** librdkafka names user and password apart; Kafka wants them in a JAAS line. */
  private static void joinCredentials(Map<String, String> client) throws OptionValueException {
    String user = client.remove(LibrdkafkaNames.SASL_USERNAME);
    String password = client.remove(LibrdkafkaNames.SASL_PASSWORD);
    if (user == null && password == null) {
      return;
    }
    if (user == null || password == null || client.containsKey("sasl.jaas.config")) {
      throw new OptionValueException(
          "sasl.username and sasl.password do not stand together, or stand beside sasl.jaas.config",
          "Give both, or sasl.jaas.config alone.");
    }
    String mechanism = client.getOrDefault("sasl.mechanism", "");
    String module;
    if (mechanism.equals("PLAIN")) {
      module = "org.apache.kafka.common.security.plain.PlainLoginModule";
    } else if (mechanism.startsWith("SCRAM-SHA-")) {
      module = "org.apache.kafka.common.security.scram.ScramLoginModule";
    } else {
      throw new OptionValueException(
          "sasl.username needs a sasl.mechanism that takes a password",
          "Add sasl.mechanism=SCRAM-SHA-512, SCRAM-SHA-256 or PLAIN.");
    }
    client.put(
        "sasl.jaas.config",
        module + " required username=" + jaas(user) + " password=" + jaas(password) + ";");
  }

  private static String jaas(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** librdkafka's certificate files are PEM; Kafka's default is a Java key store. */
  private static void joinPem(Map<String, String> client, Set<String> written) {
    if (written.contains("ssl.ca.location")) {
      client.putIfAbsent("ssl.truststore.type", "PEM");
    }
    if (written.contains("ssl.key.location")) {
      client.putIfAbsent("ssl.keystore.type", "PEM");
    }
  }

  private static void chooseBrokers(Map<String, String> client, PumpConfig config)
      throws OptionValueException {
    String given = client.get(BOOTSTRAP);
    if (given != null && config.brokersGiven()) {
      throw new OptionValueException(
          BOOTSTRAP + " is given beside " + PumpOptions.BROKER,
          "Give the brokers with " + PumpOptions.BROKER + " only.");
    }
    Collection<HostPort> brokers =
        given == null ? config.brokers() : HostPort.parseList(given, HostPort.KAFKA_PORT);
    client.put(
        BOOTSTRAP, brokers.stream().map(HostPort::toString).collect(Collectors.joining(",")));
  }

  /** Kafka's client library names the topic properties as constants, but has no list of them. */
  private static Set<String> topicPropertyNames() {
    Set<String> names = new TreeSet<>();
    for (Field field : TopicConfig.class.getFields()) {
      if (field.getName().endsWith("_CONFIG")) {
        try {
          names.add((String) field.get(null));
        } catch (IllegalAccessException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    return names;
  }
}
