package io.bottledwater.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The properties of each client: our defaults, the user's own, then what the guarantee needs. */
final class ClientProperties {
  // After a broker's death the pump must be back within seconds.
  private static final String RECONNECT_MILLIS = "1000";
  private static final String CONNECT_MILLIS = "5000";

  private ClientProperties() {}

  /**
   * @param transactionalId null for a producer without transactions
   */
  static Map<String, Object> producer(
      KafkaSinkSettings settings, @org.jspecify.annotations.Nullable String transactionalId) {
    Map<String, Object> p = common(settings, ProducerConfig.configNames(), false);
    p.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, "131072");
    p.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, "5");
    p.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, "25165824");
    p.putIfAbsent(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, "16777216");
    p.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, "30000");
    p.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "60000");
    p.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "20000");
    p.put(ProducerConfig.ACKS_CONFIG, "all");
    p.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    p.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    p.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    if (transactionalId != null) {
      p.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
      p.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, "60000");
    }
    return p;
  }

  static Map<String, Object> consumer(KafkaSinkSettings settings) {
    Map<String, Object> p = common(settings, ConsumerConfig.configNames(), true);
    p.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    p.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    p.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    p.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    return p;
  }

  static Map<String, Object> admin(KafkaSinkSettings settings) {
    Map<String, Object> p = common(settings, AdminClientConfig.configNames(), true);
    p.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "10000");
    p.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
    return p;
  }

  private static Map<String, Object> common(
      KafkaSinkSettings settings, Set<String> known, boolean commonOnly) {
    Map<String, Object> p = new HashMap<>();
    p.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, RECONNECT_MILLIS);
    p.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, CONNECT_MILLIS);
    p.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG, CONNECT_MILLIS);
    settings
        .clientProperties()
        .forEach(
            (name, value) -> {
              // Sizes and times that are meant for the producer do not suit the helpers.
              boolean security =
                  name.startsWith("ssl.")
                      || name.startsWith("sasl.")
                      || name.startsWith("security.")
                      || name.startsWith("client.");
              if (known.contains(name) && (!commonOnly || security)) {
                p.put(name, value);
              }
            });
    p.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    // The metrics of short-lived helpers are nobody's concern; JMX names would clash.
    p.put("auto.include.jmx.reporter", "false");
    p.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
    return p;
  }
}
