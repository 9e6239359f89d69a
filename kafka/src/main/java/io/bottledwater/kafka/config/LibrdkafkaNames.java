package io.bottledwater.kafka.config;

import static io.bottledwater.kafka.config.LibrdkafkaName.translated;
import static io.bottledwater.kafka.config.LibrdkafkaName.without;

import io.bottledwater.config.OptionValueException;
import io.bottledwater.error.OneLine;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * librdkafka's producer properties and what they are called here. Source: librdkafka's
 * CONFIGURATION.md and the ProducerConfig of Kafka's Java client.
 */
final class LibrdkafkaNames {
  /** Joined into {@code sasl.jaas.config}; no property of Kafka's. */
  static final String SASL_USERNAME = "sasl.username";

  /** Joined into {@code sasl.jaas.config}; no property of Kafka's. */
  static final String SASL_PASSWORD = "sasl.password";

  private static final String CALLBACK = "It is a function pointer of the C library.";
  private static final String CONSUMER = "It is for consumers; Bottled Water only produces.";
  private static final String COUNTED_IN_BYTES =
      "The Java client bounds its queue in bytes: use buffer.memory.";
  private static final String BATCH_IN_BYTES =
      "The Java client bounds its batches in bytes: use batch.size.";
  private static final String AUTOMATIC = "The Java client negotiates versions by itself.";
  private static final String USE_PARTITIONER =
      "Use --partitioner: crc32 is consistent_random, murmur2 is murmur2_random.";
  private static final String NOT_TUNABLE = "The Java client has no such setting.";
  private static final String LOGGING = "Use BOTTLEDWATER_LOG_LEVEL.";
  private static final String NO_RAW_PEM =
      "Put it into a file: name that with ssl.ca.location, ssl.certificate.location or"
          + " ssl.key.location.";

  /** Names for {@code --kafka-config}. */
  private static final Map<String, LibrdkafkaName> GLOBAL =
      table(
          List.of(
              translated("metadata.broker.list", "bootstrap.servers"),
              translated("bootstrap.servers", "bootstrap.servers"),
              translated("client.id", "client.id"),
              translated("message.max.bytes", "max.request.size"),
              translated("queue.buffering.max.kbytes", "buffer.memory", LibrdkafkaNames::kilobytes),
              translated("queue.buffering.max.ms", "linger.ms", LibrdkafkaNames::wholeMillis),
              translated("linger.ms", "linger.ms", LibrdkafkaNames::wholeMillis),
              translated("batch.size", "batch.size"),
              translated("compression.codec", "compression.type"),
              translated("compression.type", "compression.type"),
              translated("message.send.max.retries", "retries"),
              translated("retries", "retries"),
              translated("retry.backoff.ms", "retry.backoff.ms"),
              translated("retry.backoff.max.ms", "retry.backoff.max.ms"),
              translated("max.in.flight", "max.in.flight.requests.per.connection"),
              translated(
                  "max.in.flight.requests.per.connection", "max.in.flight.requests.per.connection"),
              translated("socket.timeout.ms", "request.timeout.ms"),
              translated("socket.send.buffer.bytes", "send.buffer.bytes", LibrdkafkaNames::buffer),
              translated(
                  "socket.receive.buffer.bytes", "receive.buffer.bytes", LibrdkafkaNames::buffer),
              translated(
                  "socket.connection.setup.timeout.ms", "socket.connection.setup.timeout.ms"),
              translated("connections.max.idle.ms", "connections.max.idle.ms"),
              translated("reconnect.backoff.ms", "reconnect.backoff.ms"),
              translated("reconnect.backoff.max.ms", "reconnect.backoff.max.ms"),
              translated("topic.metadata.refresh.interval.ms", "metadata.max.age.ms"),
              translated("metadata.max.age.ms", "metadata.max.age.ms"),
              translated("client.dns.lookup", "client.dns.lookup"),
              translated("enable.idempotence", "enable.idempotence"),
              translated("transactional.id", "transactional.id"),
              translated("transaction.timeout.ms", "transaction.timeout.ms"),
              translated("enable.metrics.push", "enable.metrics.push"),
              translated("metadata.recovery.strategy", "metadata.recovery.strategy"),
              translated(
                  "metadata.recovery.rebootstrap.trigger.ms",
                  "metadata.recovery.rebootstrap.trigger.ms"),
              translated("security.protocol", "security.protocol", LibrdkafkaNames::upperCase),
              translated("ssl.ca.location", "ssl.truststore.location"),
              translated(
                  "ssl.certificate.location",
                  "ssl.keystore.certificate.chain",
                  LibrdkafkaNames::fileContent),
              translated("ssl.key.location", "ssl.keystore.key", LibrdkafkaNames::fileContent),
              translated("ssl.key.password", "ssl.key.password"),
              translated("ssl.keystore.location", "ssl.keystore.location"),
              translated("ssl.keystore.password", "ssl.keystore.password"),
              translated("ssl.cipher.suites", "ssl.cipher.suites"),
              translated(
                  "ssl.endpoint.identification.algorithm",
                  "ssl.endpoint.identification.algorithm",
                  value -> value.equals("none") ? "" : value),
              translated("sasl.mechanisms", "sasl.mechanism", LibrdkafkaNames::upperCase),
              translated("sasl.mechanism", "sasl.mechanism", LibrdkafkaNames::upperCase),
              translated(SASL_USERNAME, SASL_USERNAME),
              translated(SASL_PASSWORD, SASL_PASSWORD),
              translated("sasl.kerberos.service.name", "sasl.kerberos.service.name"),
              translated("sasl.kerberos.kinit.cmd", "sasl.kerberos.kinit.cmd"),
              translated(
                  "sasl.kerberos.min.time.before.relogin", "sasl.kerberos.min.time.before.relogin"),
              translated("sasl.oauthbearer.scope", "sasl.oauthbearer.scope"),
              translated(
                  "sasl.oauthbearer.client.id", "sasl.oauthbearer.client.credentials.client.id"),
              translated(
                  "sasl.oauthbearer.client.secret",
                  "sasl.oauthbearer.client.credentials.client.secret"),
              translated(
                  "sasl.oauthbearer.token.endpoint.url", "sasl.oauthbearer.token.endpoint.url"),
              translated("request.required.acks", "acks", LibrdkafkaNames::acks),
              translated("acks", "acks", LibrdkafkaNames::acks),
              translated("request.timeout.ms", "request.timeout.ms"),
              translated("message.timeout.ms", "delivery.timeout.ms", LibrdkafkaNames::zeroIsNever),
              translated(
                  "delivery.timeout.ms", "delivery.timeout.ms", LibrdkafkaNames::zeroIsNever),
              without("queue.buffering.max.messages", COUNTED_IN_BYTES),
              without("queue.buffering.backpressure.threshold", COUNTED_IN_BYTES),
              without("batch.num.messages", BATCH_IN_BYTES),
              without(
                  "compression.level",
                  "Use compression.gzip.level, compression.lz4.level or compression.zstd.level."),
              without("sticky.partitioning.linger.ms", NOT_TUNABLE),
              without("enable.gapless.guarantee", "The pump never leaves a gap."),
              without("partitioner", USE_PARTITIONER),
              without("partitioner_cb", USE_PARTITIONER),
              without("delivery.report.only.error", "The pump waits for every acknowledgement."),
              without("receive.message.max.bytes", NOT_TUNABLE),
              without("message.copy.max.bytes", NOT_TUNABLE),
              without("max.in.flight.requests", "Use max.in.flight.requests.per.connection."),
              without("socket.keepalive.enable", "The Java client always keeps connections alive."),
              without("socket.nagle.disable", "The Java client never delays small packets."),
              without("socket.max.fails", NOT_TUNABLE),
              without("socket.blocking.max.ms", NOT_TUNABLE),
              without("socket_cb", CALLBACK),
              without("connect_cb", CALLBACK),
              without("closesocket_cb", CALLBACK),
              without("open_cb", CALLBACK),
              without("resolve_cb", CALLBACK),
              without("dr_cb", CALLBACK),
              without("dr_msg_cb", CALLBACK),
              without("error_cb", CALLBACK),
              without("throttle_cb", CALLBACK),
              without("stats_cb", CALLBACK),
              without("log_cb", CALLBACK),
              without("background_event_cb", CALLBACK),
              without("oauthbearer_token_refresh_cb", CALLBACK),
              without("ssl.certificate.verify_cb", CALLBACK),
              without("default_topic_conf", CALLBACK),
              without("opaque", CALLBACK),
              without("interceptors", CALLBACK),
              without("enabled_events", CALLBACK),
              without("plugin.library.paths", "It loads libraries for the C library."),
              without("builtin.features", "It describes how the C library was built."),
              without("internal.termination.signal", "It is for the C library's threads."),
              without("api.version.request", AUTOMATIC),
              without("api.version.request.timeout.ms", AUTOMATIC),
              without("api.version.fallback.ms", AUTOMATIC),
              without("broker.version.fallback", AUTOMATIC),
              without(
                  "broker.address.family",
                  "Java chooses: set -Djava.net.preferIPv4Stack in BOTTLEDWATER_JAVA_OPTS."),
              without("broker.address.ttl", "Java's own setting is networkaddress.cache.ttl."),
              without("reconnect.backoff.jitter.ms", "Use reconnect.backoff.max.ms."),
              without("metadata.request.timeout.ms", "Use request.timeout.ms."),
              without("topic.metadata.refresh.fast.interval.ms", "Use retry.backoff.ms."),
              without("topic.metadata.refresh.fast.cnt", NOT_TUNABLE),
              without("topic.metadata.refresh.sparse", "The Java client always does so."),
              without("topic.metadata.propagation.max.ms", "Use max.block.ms."),
              without("topic.blacklist", "Use --exclude-tables."),
              without("allow.auto.create.topics", "The pump creates topics itself."),
              without("debug", LOGGING),
              without("log_level", LOGGING),
              without("log.queue", LOGGING),
              without("log.thread.name", LOGGING),
              without("log.connection.close", LOGGING),
              without("statistics.interval.ms", "Metrics are counted all the time."),
              without("client.rack", CONSUMER),
              without("ssl.curves.list", "Java's own setting is jdk.tls.namedGroups."),
              without("ssl.sigalgs.list", "Java's own setting is jdk.tls.client.SignatureSchemes."),
              without("ssl.key.pem", NO_RAW_PEM),
              without("ssl.certificate.pem", NO_RAW_PEM),
              without("ssl.ca.pem", NO_RAW_PEM),
              without("ssl_key", NO_RAW_PEM),
              without("ssl_certificate", NO_RAW_PEM),
              without("ssl_ca", NO_RAW_PEM),
              without(
                  "ssl.ca.certificate.stores", "Leave it out: Java's own store is the default."),
              without("ssl.crl.location", "Java's own setting is com.sun.net.ssl.checkRevocation."),
              without("ssl.engine.location", "Engines are OpenSSL's, which Java does not use."),
              without("ssl.engine.id", "Engines are OpenSSL's, which Java does not use."),
              without("ssl.providers", "Providers are OpenSSL's, which Java does not use."),
              without(
                  "enable.ssl.certificate.verification",
                  "The Java client always verifies: name the authority with ssl.ca.location."),
              without("sasl.kerberos.principal", "Write it into sasl.jaas.config."),
              without("sasl.kerberos.keytab", "Write it into sasl.jaas.config."),
              without("sasl.oauthbearer.config", "Write it into sasl.jaas.config."),
              without(
                  "sasl.oauthbearer.method",
                  "Leave it out: sasl.oauthbearer.token.endpoint.url chooses OIDC."),
              without("sasl.oauthbearer.extensions", "Write them into sasl.jaas.config."),
              without("enable.sasl.oauthbearer.unsecure.jwt", "Unsigned tokens are not supported."),
              without("group.id", CONSUMER),
              without("group.instance.id", CONSUMER),
              without("group.protocol", CONSUMER),
              without("session.timeout.ms", CONSUMER),
              without("heartbeat.interval.ms", CONSUMER),
              without("max.poll.interval.ms", CONSUMER),
              without("enable.auto.commit", CONSUMER),
              without("auto.commit.interval.ms", CONSUMER),
              without("enable.auto.offset.store", CONSUMER),
              without("queued.min.messages", CONSUMER),
              without("queued.max.messages.kbytes", CONSUMER),
              without("fetch.wait.max.ms", CONSUMER),
              without("fetch.message.max.bytes", CONSUMER),
              without("max.partition.fetch.bytes", CONSUMER),
              without("fetch.max.bytes", CONSUMER),
              without("fetch.min.bytes", CONSUMER),
              without("fetch.error.backoff.ms", CONSUMER),
              without("offset.store.method", CONSUMER),
              without("isolation.level", CONSUMER),
              without("check.crcs", CONSUMER),
              without("enable.partition.eof", CONSUMER),
              without("auto.offset.reset", CONSUMER),
              without("partition.assignment.strategy", CONSUMER)));

  /**
   * Names for {@code --topic-config}. {@code compression.type} is not here: as a topic property it
   * is Kafka's own.
   */
  private static final Map<String, LibrdkafkaName> TOPIC =
      table(
          List.of(
              translated("request.required.acks", "acks", LibrdkafkaNames::acks),
              translated("acks", "acks", LibrdkafkaNames::acks),
              translated("request.timeout.ms", "request.timeout.ms"),
              translated("message.timeout.ms", "delivery.timeout.ms", LibrdkafkaNames::zeroIsNever),
              translated(
                  "delivery.timeout.ms", "delivery.timeout.ms", LibrdkafkaNames::zeroIsNever),
              translated(
                  "compression.codec",
                  "compression.type",
                  value -> {
                    if (value.equals("inherit")) {
                      throw new OptionValueException(
                          "compression.codec=inherit says nothing here", "Leave it out.");
                    }
                    return value;
                  }),
              without(
                  "compression.level",
                  "Use --kafka-config with compression.gzip.level, compression.lz4.level or"
                      + " compression.zstd.level."),
              without("partitioner", USE_PARTITIONER),
              without("partitioner_cb", USE_PARTITIONER),
              without("queuing.strategy", "The pump keeps PostgreSQL's order."),
              without("produce.offset.report", "The pump always asks for offsets."),
              without("msg_order_cmp", CALLBACK),
              without("opaque", CALLBACK),
              without("auto.commit.enable", CONSUMER),
              without("enable.auto.commit", CONSUMER),
              without("auto.commit.interval.ms", CONSUMER),
              without("auto.offset.reset", CONSUMER),
              without("offset.store.path", CONSUMER),
              without("offset.store.sync.interval.ms", CONSUMER),
              without("offset.store.method", CONSUMER),
              without("consume.callback.max.messages", CONSUMER)));

  private LibrdkafkaNames() {}

  static Optional<LibrdkafkaName> global(String name) {
    return Optional.ofNullable(GLOBAL.get(name));
  }

  static Optional<LibrdkafkaName> topic(String name) {
    return Optional.ofNullable(TOPIC.get(name));
  }

  static Collection<LibrdkafkaName> globals() {
    return GLOBAL.values();
  }

  static Collection<LibrdkafkaName> topics() {
    return TOPIC.values();
  }

  private static Map<String, LibrdkafkaName> table(List<LibrdkafkaName> names) {
    Map<String, LibrdkafkaName> table = new LinkedHashMap<>();
    for (LibrdkafkaName name : names) {
      if (table.put(name.name(), name) != null) {
        throw new IllegalStateException(name.name() + " is declared twice");
      }
    }
    return table;
  }

  private static String upperCase(String value) {
    return value.toUpperCase(Locale.ROOT);
  }

  private static String acks(String value) {
    return value.equals("-1") ? "all" : value;
  }

  private static String zeroIsNever(String value) {
    return value.equals("0") ? Integer.toString(Integer.MAX_VALUE) : value;
  }

  /** In librdkafka 0 leaves a buffer to the operating system; in Java -1 does. */
  private static String buffer(String value) {
    return value.equals("0") ? "-1" : value;
  }

  private static String kilobytes(String value) throws OptionValueException {
    return number(value).multiply(BigDecimal.valueOf(1024)).toBigInteger().toString();
  }

  /** librdkafka takes fractions of a millisecond. */
  private static String wholeMillis(String value) throws OptionValueException {
    return number(value).setScale(0, RoundingMode.CEILING).toBigInteger().toString();
  }

  private static BigDecimal number(String value) throws OptionValueException {
    if (!value.matches("[0-9]{1,15}(\\.[0-9]{1,9})?")) {
      throw new OptionValueException(
          OneLine.quote(value) + " is not a number", "Write a number that is not negative.");
    }
    return new BigDecimal(value);
  }

  private static String fileContent(String value) throws OptionValueException {
    try {
      Path file = Path.of(value);
      if (Files.isRegularFile(file) && Files.size(file) <= 1 << 20) {
        return Files.readString(file);
      }
    } catch (IOException | IllegalArgumentException e) {
      // Falls through to the same complaint.
    }
    throw new OptionValueException(
        OneLine.quote(value) + " is not a PEM file that can be read", "Name an existing file.");
  }
}
