package io.bottledwater.e2e;

import static io.bottledwater.e2e.TopicReader.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.testkit.KafkaProcess;
import io.bottledwater.testkit.TestCertificate;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pump with a broker that speaks TLS only and asks for a password; so do all its readers. */
class SecuredKafkaTest {
  private static final String ADMIN = "admin";
  private static final String ADMIN_PASSWORD = "admin-password-0815";
  private static final String PUMP = "pump";
  private static final String PUMP_PASSWORD = "pump-password-4711";

  @TempDir static Path directory;
  private static KafkaProcess broker;
  private static TestKafka kafka;

  @BeforeAll
  static void startBroker() throws Exception {
    TestCertificate server = TestCertificate.create(directory);
    Path store = server.store();
    Path certificate = server.certificate();
    Map<String, String> properties = new HashMap<>();
    properties.put("listener.security.protocol.map", "CLIENTS:SASL_SSL,CONTROLLER:PLAINTEXT");
    properties.put("ssl.keystore.type", "PKCS12");
    properties.put("ssl.keystore.location", store.toString());
    properties.put("ssl.keystore.password", TestCertificate.PASSWORD);
    properties.put("ssl.key.password", TestCertificate.PASSWORD);
    properties.put("ssl.truststore.type", "PEM");
    properties.put("ssl.truststore.location", certificate.toString());
    properties.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512");
    properties.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
    properties.put(
        "listener.name.clients.plain.sasl.jaas.config",
        login("plain.Plain", ADMIN, ADMIN_PASSWORD)
                .replace(";", " user_" + ADMIN + "=\"" + ADMIN_PASSWORD + "\"")
            + " user_"
            + PUMP
            + "=\""
            + PUMP_PASSWORD
            + "\";");
    properties.put(
        "listener.name.clients.scram-sha-512.sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    broker = KafkaProcess.start(directory.resolve("kafka"), properties);
    kafka =
        TestKafka.at(
            broker.bootstrapServers(),
            security(certificate, "PLAIN", login("plain.Plain", ADMIN, ADMIN_PASSWORD)));
    try (Admin admin = kafka.admin()) {
      admin
          .alterUserScramCredentials(
              List.of(
                  new UserScramCredentialUpsertion(
                      PUMP,
                      new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096),
                      PUMP_PASSWORD)))
          .all()
          .get();
    }
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PLAIN", "SCRAM-SHA-512"})
  void deliversOnceOverAKill(String mechanism) {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute(
          "CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t SELECT generate_series(1, 2000)");
      String topic = database.name() + ".t";
      try (PumpUnderTest pump = pump(database, mechanism, PUMP_PASSWORD)) {
        pump.startStreaming();
        database.execute("INSERT INTO t SELECT generate_series(2001, 3000)");
        TopicReader.await(kafka, topic, 3000);
        // What is read but not committed must come again, once.
        for (int i = 3001; i <= 4000; i += 100) {
          database.execute("INSERT INTO t SELECT generate_series(" + i + ", " + (i + 99) + ")");
        }
        pump.kill9();
        pump.startStreaming();
        database.execute("INSERT INTO t SELECT generate_series(4001, 5000)");
        TopicReader.await(kafka, topic, 5000);
        pump.process().terminate();
        PumpUnderTest.End end = pump.awaitEnd();

        assertThat(end.code()).isZero();
        assertThat(end.lines())
            .noneMatch(line -> line.contains("Kafka's own producer"))
            .noneMatch(line -> line.contains(PUMP_PASSWORD));
      }
      assertThat(TopicReader.read(kafka, topic))
          .extracting(r -> text(r.key()))
          .containsExactlyInAnyOrderElementsOf(
              IntStream.rangeClosed(1, 5000).mapToObj(i -> "{\"id\":" + i + "}").toList());
    }
  }

  @Test
  void saysThatThePasswordIsWrong() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute("CREATE TABLE t (id int PRIMARY KEY)");
      try (PumpUnderTest pump = pump(database, "SCRAM-SHA-512", "wrong-password-13")) {
        PumpUnderTest.End end = pump.start().awaitEnd();

        assertThat(end.code()).isEqualTo(3);
        assertThat(end.lastLine()).contains("BW-KAFKA-REFUSED").contains("credentials");
        assertThat(end.lines()).noneMatch(line -> line.contains("wrong-password-13"));
      }
    }
  }

  private static PumpUnderTest pump(TestDatabase database, String mechanism, String password) {
    PumpUnderTest pump = PumpUnderTest.of(database, kafka).with("--output-format=json");
    String module = mechanism.equals("PLAIN") ? "plain.Plain" : "scram.Scram";
    security(directory.resolve("server.pem"), mechanism, login(module, PUMP, password))
        .forEach((name, value) -> pump.with("--kafka-config=" + name + "=" + value));
    return pump;
  }

  private static Map<String, String> security(Path certificate, String mechanism, String login) {
    return Map.of(
        "security.protocol",
        "SASL_SSL",
        "ssl.truststore.type",
        "PEM",
        "ssl.truststore.location",
        certificate.toString(),
        "sasl.mechanism",
        mechanism,
        "sasl.jaas.config",
        login);
  }

  private static String login(String module, String user, String password) {
    return "org.apache.kafka.common.security."
        + module
        + "LoginModule required username=\""
        + user
        + "\" password=\""
        + password
        + "\";";
  }
}
