package io.bottledwater.kafka.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bottledwater.config.EnvironmentSource;
import io.bottledwater.config.ParsedOptions;
import io.bottledwater.config.PumpConfig;
import io.bottledwater.config.PumpOptions;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "message.max.bytes, 2000000, max.request.size, 2000000",
    "queue.buffering.max.ms, 0.5, linger.ms, 1",
    "linger.ms, 5, linger.ms, 5",
    "queue.buffering.max.kbytes, 65536, buffer.memory, 67108864",
    "compression.codec, snappy, compression.type, snappy",
    "socket.timeout.ms, 45000, request.timeout.ms, 45000",
    "request.required.acks, -1, acks, all",
    "message.timeout.ms, 0, delivery.timeout.ms, 2147483647",
    "message.send.max.retries, 7, retries, 7",
    "max.in.flight, 1, max.in.flight.requests.per.connection, 1",
    "socket.send.buffer.bytes, 0, send.buffer.bytes, -1",
    "topic.metadata.refresh.interval.ms, 60000, metadata.max.age.ms, 60000",
    "metadata.broker.list, k:1, bootstrap.servers, k:1",
    "security.protocol, ssl, security.protocol, SSL",
    "ssl.endpoint.identification.algorithm, none, ssl.endpoint.identification.algorithm, ''",
    "batch.size, 100000, batch.size, 100000"
  })
  void translatesLibrdkafkasNames(String name, String value, String kafkaName, String kafkaValue) {
    assertThat(kafka(name + "=" + value).clientProperties()).containsEntry(kafkaName, kafkaValue);
  }

  @Test
  void knowsNoCounterpartThatKafkaDoesNotKnow() {
    for (LibrdkafkaName name : LibrdkafkaNames.globals()) {
      boolean joined = name.name().equals("sasl.username") || name.name().equals("sasl.password");
      if (name.counterpart().isPresent() && !joined) {
        assertThat(ProducerConfig.configNames()).contains(name.counterpart().get());
      } else if (name.counterpart().isEmpty()) {
        assertThat(ProducerConfig.configNames()).as(name.name()).doesNotContain(name.name());
        assertThat(name.reason()).as(name.name()).endsWith(".");
      }
    }
  }

  @Test
  void guardsPropertiesUnderLibrdkafkasNamesToo() {
    // A property of Kafka's that users may not set must not slip in under librdkafka's name.
    assertThat(refusal("transactional.id=mine").getMessage()).contains("may not be set");
    assertThat(refusal("request.required.acks=1").getMessage()).contains("acks may only be");
  }

  @Test
  void joinsUserAndPasswordIntoALoginThatKafkaAccepts() {
    KafkaSettings settings =
        kafka(
            "security.protocol=sasl_plaintext",
            "sasl.mechanisms=SCRAM-SHA-256",
            "sasl.username=me",
            "sasl.password=gehe\"im\\;");

    assertThat(settings.clientProperties().get("sasl.jaas.config"))
        .isEqualTo(
            "org.apache.kafka.common.security.scram.ScramLoginModule required"
                + " username=\"me\" password=\"gehe\\\"im\\\\;\";");
    assertThat(settings.toString()).doesNotContain("gehe");
    openClients(settings);
  }

  @Test
  void readsPemFilesAsLibrdkafkaDoes(@TempDir Path directory) throws Exception {
    writePem(directory);
    KafkaSettings settings =
        kafka(
            "security.protocol=ssl",
            "ssl.ca.location=" + directory.resolve("ca.pem"),
            "ssl.certificate.location=" + directory.resolve("ca.pem"),
            "ssl.key.location=" + directory.resolve("key.pem"));

    openClients(settings);
    assertThat(settings.clientProperties())
        .containsEntry("ssl.truststore.type", "PEM")
        .containsEntry("ssl.keystore.type", "PEM");
  }

  @Test
  void givesEachClientOnlyWhatItKnows() {
    KafkaSettings settings = kafka("linger.ms=5", "client.id=me", "security.protocol=PLAINTEXT");

    assertThat(settings.adminProperties())
        .isEqualTo(
            Map.of(
                "bootstrap.servers",
                "localhost:9092",
                "client.id",
                "me",
                "security.protocol",
                "PLAINTEXT"));
    assertThat(settings.consumerProperties()).isEqualTo(settings.adminProperties());
    assertThat(settings.clientProperties()).containsEntry("linger.ms", "5");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "lingr.ms=5; unknown property 'lingr.ms'. Did you mean linger.ms?",
        "frobnicate=5; unknown property 'frobnicate'. `bottledwater --config-help` lists them.",
        "batch.num.messages=5; librdkafka's batch.num.messages has no counterpart. The Java client",
        "dr_cb=x; librdkafka's dr_cb has no counterpart. It is a function pointer",
        "acks=1; acks may only be -1 or all. With another value records could be lost",
        "acks=0; acks may only be -1 or all.",
        "enable.idempotence=false; enable.idempotence may only be true.",
        "max.in.flight=6; max.in.flight.requests.per.connection may only be 1 or 2",
        "retries=0; retries may not be 0.",
        "key.serializer=x; key.serializer may not be set. The pump sets it",
        "partitioner.class=x; partitioner.class may not be set. Use --partitioner.",
        "interceptor.classes=x; interceptor.classes may not be set.",
        "transactional.id=x; transactional.id may not be set.",
        "batch.size=abc; batch.size='abc' is not allowed. Write a value of type INT within [0,...]",
        "batch.size=-1; batch.size='-1' is not allowed.",
        "compression.codec=zip; compression.codec='zip' is not allowed.",
        "linger.ms=-5; linger.ms: '-5' is not a number.",
        "cleanup.policy=compact; cleanup.policy is a property of topics. Give it with",
        "ssl.key.location=/nowhere; ssl.key.location: '/nowhere' is not a PEM file",
        "sasl.oauthbearer.token.endpoint.url=file:///etc/geheim; sasl.oauthbearer.token.endpoint.url"
            + " is not an https:// URL.",
        "sasl.jaas.config=com.sun.security.auth.module.JndiLoginModule required x=geheim|;"
            + " sasl.jaas.config names a JNDI or LDAP login module.",
        "sasl.jaas.config=com.sun.security.auth.module.LdapLoginModule required|; sasl.jaas.config"
            + " names a JNDI",
        "sasl.password=geheim; sasl.username and sasl.password do not stand together",
      })
  void refusesPropertiesWithReasonAndNoSecret(String property, String complaint) {
    BottledWaterException refused = refusal(property.replace('|', ';'));

    assertThat(refused.code()).isEqualTo(ErrorCode.KAFKA_CONFIG);
    assertThat(refused.getMessage())
        .startsWith("BW-KAFKA-CONFIG: BOTTLEDWATER_KAFKA_CONFIG: " + complaint)
        .doesNotContain("geheim");
  }

  @Test
  void refusesAForbiddenLoginModuleBehindAPermittedOne() {
    assertThat(
            refusal(
                "sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required"
                    + " username=\"a\"; com.sun.security.auth.module.JndiLoginModule required;"))
        .hasMessageContaining("JNDI");
  }

  @Test
  void refusesAPropertyThatIsGivenUnderTwoNames() {
    assertThat(refusal("linger.ms=5", "queue.buffering.max.ms=5"))
        .hasMessageContaining("linger.ms is given twice, once as queue.buffering.max.ms");
  }

  @Test
  void refusesBrokersFromTwoPlaces() {
    Map<String, String> environment =
        Map.of("BOTTLEDWATER_BROKER", "a", "BOTTLEDWATER_KAFKA_CONFIG", "metadata.broker.list=b");

    assertThat(catchThrowableOfType(BottledWaterException.class, () -> settings(environment)))
        .hasMessageContaining("bootstrap.servers is given beside --broker");
  }

  @Test
  void sendsTopicPropertiesWhereTheyBelong() {
    KafkaSettings settings =
        topic("cleanup.policy=compact", "message.timeout.ms=1000", "compression.type=zstd");

    assertThat(settings.topicProperties())
        .isEqualTo(Map.of("cleanup.policy", "compact", "compression.type", "zstd"));
    assertThat(settings.clientProperties()).containsEntry("delivery.timeout.ms", "1000");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "cleanup.polcy=compact; unknown property 'cleanup.polcy'. Did you mean cleanup.policy?",
        "partitioner=murmur2; librdkafka's partitioner has no counterpart. Use --partitioner",
        "request.required.acks=1; acks may only be -1 or all.",
        "linger.ms=5; linger.ms is no property of topics. Give it with --kafka-config."
      })
  void refusesTopicPropertiesWithReason(String property, String complaint) {
    assertThat(catchThrowableOfType(BottledWaterException.class, () -> topic(property)))
        .hasMessageStartingWith("BW-KAFKA-CONFIG: BOTTLEDWATER_TOPIC_CONFIG: " + complaint);
  }

  @Test
  void listsEveryPropertyForHelp() {
    String help = ProducerPropertyTable.asText();

    assertThat(help)
        .contains("\nlinger.ms\n  type: LONG\n  range: [0,...]\n  default: 5\n")
        .contains("  librdkafka: queue.buffering.max.ms, linger.ms\n")
        .contains("\nacks\n  type: STRING\n  range: -1 or all\n")
        .doesNotContain("\nkey.serializer\n")
        .doesNotContain("<code>");
    assertThat(help.lines()).allMatch(line -> line.length() <= 200);
  }

  /** Kafka's own clients are the judges of what was translated. */
  private static void openClients(KafkaSettings settings) {
    Map<String, Object> producer = new HashMap<>(settings.clientProperties());
    Map<String, Object> admin = new HashMap<>(settings.adminProperties());
    ByteArraySerializer bytes = new ByteArraySerializer();
    try (KafkaProducer<byte[], byte[]> first = new KafkaProducer<>(producer, bytes, bytes);
        Admin second = Admin.create(admin)) {
      assertThat(first.metrics()).isNotEmpty();
      assertThat(second.metrics()).isNotEmpty();
    }
  }

  private static void writePem(Path directory) throws Exception {
    Path store = directory.resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                "secret",
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "secret".toCharArray());
    }
    byte[] key = keys.getKey("a", "secret".toCharArray()).getEncoded();
    Files.writeString(directory.resolve("key.pem"), pem("PRIVATE KEY", key));
    byte[] certificate = keys.getCertificate("a").getEncoded();
    Files.writeString(directory.resolve("ca.pem"), pem("CERTIFICATE", certificate));
  }

  private static String pem(String kind, byte[] der) {
    String body =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n";
  }

  private static BottledWaterException refusal(String... properties) {
    BottledWaterException refused =
        catchThrowableOfType(BottledWaterException.class, () -> kafka(properties));
    assertThat(refused).as(String.join(" ", properties)).isNotNull();
    return refused;
  }

  private static KafkaSettings kafka(String... properties) {
    return settings(Map.of("BOTTLEDWATER_KAFKA_CONFIG", String.join("\n", properties)));
  }

  private static KafkaSettings topic(String... properties) {
    return settings(Map.of("BOTTLEDWATER_TOPIC_CONFIG", String.join("\n", properties)));
  }

  private static KafkaSettings settings(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("BOTTLEDWATER_POSTGRES", "host=h");
    ParsedOptions parsed =
        ParsedOptions.resolve(PumpOptions.ALL, List.of(new EnvironmentSource(all)), List.of());
    return KafkaSettings.from(PumpConfig.from(parsed, Map.of(), warning -> {}), parsed);
  }
}
