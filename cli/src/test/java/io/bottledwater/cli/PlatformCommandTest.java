package io.bottledwater.cli;

import static io.bottledwater.cli.BottledWaterProcess.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.cli.BottledWaterProcess.PlatformProcess;
import io.bottledwater.config.RegistryUrl;
import io.bottledwater.registry.client.HttpSchemaRegistry;
import io.bottledwater.testkit.RunningProcess;
import io.bottledwater.testkit.TemporaryDirectories;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformCommandTest {
  private static final String SCHEMA = "\"string\"";

  private Path data;

  @BeforeEach
  void makeDirectory() {
    data = TemporaryDirectories.create("platform");
  }

  @AfterEach
  void deleteDirectory() {
    TemporaryDirectories.delete(data);
  }

  @Test
  void keepsTopicsAndSchemasOverAKillAndOverACleanStop() throws Exception {
    int id;
    try (PlatformProcess platform = BottledWaterProcess.platform(data)) {
      produce(platform, "first");
      id = register(platform);
      platform.process().kill9();
    }
    try (PlatformProcess platform = BottledWaterProcess.platform(data)) {
      assertThat(values(platform, 1)).containsExactly("\"first\"");
      assertThat(schema(platform, id)).isEqualTo(SCHEMA);
      produce(platform, "second");
      platform.process().terminate();
      assertThat(platform.process().awaitExit(DEADLINE)).isZero();
    }
    try (PlatformProcess platform = BottledWaterProcess.platform(data)) {
      assertThat(values(platform, 2)).containsExactly("\"first\"", "\"second\"");
      assertThat(register(platform)).isEqualTo(id);
      platform.process().interrupt();
      assertThat(platform.process().awaitExit(DEADLINE)).isZero();
      assertThat(platform.process().stdout()).isEmpty();
    }
  }

  @Test
  void refusesADirectoryThatAnotherPlatformHas() {
    try (PlatformProcess first = BottledWaterProcess.platform(data);
        RunningProcess second =
            BottledWaterProcess.start(
                "platform", "--data=" + data, "--kafka=127.0.0.1:0", "--registry=off")) {
      assertThat(second.awaitExit(DEADLINE)).isEqualTo(2);
      assertThat(messages(second)).contains("BW-DATA-DIRECTORY: ").contains(data.toString());
      assertThat(first.process().isAlive()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"kafka", "registry"})
  void namesAnAddressThatIsTaken(String option) throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        RunningProcess platform =
            start(option.equals("kafka"), "127.0.0.1:" + other.getLocalPort())) {
      assertThat(platform.awaitExit(DEADLINE)).isEqualTo(2);
      assertThat(messages(platform))
          .contains("BW-LISTENER: --" + option)
          .contains("127.0.0.1:" + other.getLocalPort());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"kafka", "registry"})
  void refusesToServeTheNetworkWithoutCredentials(String option) {
    try (RunningProcess platform = start(option.equals("kafka"), "0.0.0.0:0")) {
      assertThat(platform.awaitExit(DEADLINE)).isEqualTo(2);
      assertThat(messages(platform)).contains("BW-LISTENER: --" + option).contains("0.0.0.0:0");
    }
  }

  private RunningProcess start(boolean kafka, String address) {
    return BottledWaterProcess.start(
        "platform",
        "--data=" + data,
        "--kafka=" + (kafka ? address : "127.0.0.1:0"),
        "--registry=" + (kafka ? "127.0.0.1:0" : address));
  }

  private static String messages(RunningProcess process) {
    return String.join("\n", process.stderr());
  }

  private static Stream<String> values(PlatformProcess platform, int count) {
    try (RunningProcess consume =
        BottledWaterProcess.start(
            "consume",
            "--topic=kept",
            "--from-beginning",
            "--max-messages=" + count,
            "--bootstrap-server=" + platform.kafka())) {
      assertThat(consume.awaitExit(DEADLINE)).isZero();
      return consume.stdout().stream();
    }
  }

  private static void produce(PlatformProcess platform, String text) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", platform.kafka()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(new ProducerRecord<>("kept", 0, null, text.getBytes(StandardCharsets.UTF_8)))
          .get();
    }
  }

  private static int register(PlatformProcess platform) throws Exception {
    try (HttpSchemaRegistry registry =
        new HttpSchemaRegistry(RegistryUrl.parseList(platform.registry()))) {
      return registry.register("kept-value", "AVRO", SCHEMA);
    }
  }

  private static String schema(PlatformProcess platform, int id) throws Exception {
    try (HttpSchemaRegistry registry =
        new HttpSchemaRegistry(RegistryUrl.parseList(platform.registry()))) {
      return registry.schemaById(id).text();
    }
  }
}
