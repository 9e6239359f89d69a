package io.bottledwater.registry.server;

import static io.bottledwater.registry.server.RegistryFixture.JSON;
import static io.bottledwater.registry.server.RegistryFixture.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.registry.server.RegistryFixture.Reply;
import io.bottledwater.testkit.KafkaProcess;
import io.bottledwater.testkit.TestKafka;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the topic keeps, and what several registries make of one. */
@Timeout(180)
class SharedTopicTest {
  @Test
  void twoRegistriesNeverGiveOutAnIdTwice() throws Exception {
    String topic = RegistryFixture.newTopic();
    ExecutorService clients = Executors.newFixedThreadPool(200);
    try (RegistryFixture one = new RegistryFixture(topic);
        RegistryFixture two = new RegistryFixture(topic)) {
      List<Future<Reply>> replies = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        // Four clients for each schema, two at each registry.
        int schema = i / 4;
        RegistryFixture registry = i % 2 == 0 ? one : two;
        replies.add(clients.submit(() -> registry.register("s" + schema, record("r" + schema))));
      }
      Map<Integer, Integer> schemaOfId = new HashMap<>();
      for (int i = 0; i < 200; i++) {
        Reply reply = replies.get(i).get();
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        Integer before = schemaOfId.put(reply.body().path("id").intValue(), i / 4);
        assertThat(before).isIn(null, i / 4);
      }
      assertThat(schemaOfId).hasSize(50);

      List<Integer> idsInTopic = new ArrayList<>();
      for (ConsumerRecord<byte[], byte[]> record :
          TestKafka.shared().readAll(topic, IsolationLevel.READ_COMMITTED)) {
        idsInTopic.add(JSON.readTree(record.value()).path("id").intValue());
      }
      assertThat(idsInTopic).doesNotHaveDuplicates().hasSize(50);
      for (int id : schemaOfId.keySet()) {
        String text = record("r" + schemaOfId.get(id));
        assertThat(one.get("/schemas/ids/" + id).body().path("schema").textValue()).isEqualTo(text);
        // The other one may not have read the newest yet; a write makes it catch up.
        two.put("/config/any", "{\"compatibility\":\"FULL\"}");
        assertThat(two.get("/schemas/ids/" + id).body().path("schema").textValue()).isEqualTo(text);
      }
    } finally {
      clients.shutdownNow();
    }
  }

  @Test
  void registriesStartTogetherOnATopicThatIsNotThereYet() throws Exception {
    String topic = RegistryFixture.newTopic();
    ExecutorService starters = Executors.newFixedThreadPool(3);
    List<Future<RegistryFixture>> starting = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      starting.add(starters.submit(() -> new RegistryFixture(topic)));
    }
    for (int i = 0; i < 3; i++) {
      try (RegistryFixture registry = starting.get(i).get()) {
        assertThat(registry.register("s" + i, record("r" + i)).body().path("id").intValue())
            .isEqualTo(i + 1);
      }
    }
    starters.shutdownNow();
  }

  @Test
  void oneSubjectsVersionsAreCountedByBothRegistries() throws Exception {
    String topic = RegistryFixture.newTopic();
    try (RegistryFixture one = new RegistryFixture(topic);
        RegistryFixture two = new RegistryFixture(topic)) {
      for (int i = 0; i < 10; i++) {
        RegistryFixture registry = i % 2 == 0 ? one : two;
        assertThat(registry.register("s", record("r", "f" + i)).body().path("id").intValue())
            .isEqualTo(i + 1);
      }
      assertThat(two.get("/subjects/s/versions").body().toString())
          .isEqualTo("[1,2,3,4,5,6,7,8,9,10]");
    }
  }

  /** The one that wrote last need not be told by a write of its own that another has written. */
  @Test
  void seesWhatAnotherRegistryHasWrittenBeforeItWritesAgain() throws Exception {
    String topic = RegistryFixture.newTopic();
    try (RegistryFixture one = new RegistryFixture(topic);
        RegistryFixture two = new RegistryFixture(topic)) {
      int id = one.register("gone", record("gone")).body().path("id").intValue();
      one.put("/mode/kept", "{\"mode\":\"READONLY\"}");

      two.register("theirs", record("theirs"));
      two.put("/mode/kept", "{\"mode\":\"READWRITE\"}");
      two.delete("/subjects/gone");
      two.delete("/subjects/gone?permanent=true");
      awaitStatus(one, "/subjects/gone/versions?deleted=true", 404);

      assertThat(one.delete("/subjects/theirs").status()).isEqualTo(200);
      assertThat(one.register("kept", record("kept")).status()).isEqualTo(200);
      int again = one.register("gone", record("gone")).body().path("id").intValue();
      assertThat(again).isGreaterThan(id);
      assertThat(one.get("/schemas/ids/" + again).status()).isEqualTo(200);
    }
  }

  private static void awaitStatus(RegistryFixture registry, String path, int status)
      throws Exception {
    for (int i = 0; i < 600 && registry.get(path).status() != status; i++) {
      Thread.sleep(50);
    }
    assertThat(registry.get(path).status()).isEqualTo(status);
  }

  @Test
  void aRestartKeepsEverything() throws Exception {
    String topic = RegistryFixture.newTopic();
    List<String> paths =
        List.of(
            "/subjects",
            "/subjects?deleted=true",
            "/subjects/a/versions?deleted=true",
            "/subjects/a/versions",
            "/subjects/b/versions?deleted=true",
            "/schemas/ids/1",
            "/schemas/ids/2",
            "/schemas/ids/3",
            "/config",
            "/config/a",
            "/mode/b");
    List<JsonNode> before = new ArrayList<>();
    try (RegistryFixture registry = new RegistryFixture(topic)) {
      registry.register("a", record("r"));
      registry.register("a", record("r", "x"));
      registry.register("b", record("r"));
      registry.register("gone", record("gone"));
      registry.delete("/subjects/gone");
      registry.delete("/subjects/gone?permanent=true");
      registry.delete("/subjects/a/versions/1");
      registry.delete("/subjects/b");
      registry.put("/config", "{\"compatibility\":\"FULL\"}");
      registry.put("/config/a", "{\"compatibility\":\"NONE\"}");
      registry.put("/mode/b", "{\"mode\":\"READONLY\"}");
      for (String path : paths) {
        before.add(registry.get(path).body());
      }
    }

    try (RegistryFixture registry = new RegistryFixture(topic)) {
      List<JsonNode> after = new ArrayList<>();
      for (String path : paths) {
        after.add(registry.get(path).body());
      }
      assertThat(after).isEqualTo(before);
      assertThat(registry.register("new", record("new")).body().path("id").intValue()).isEqualTo(4);
    }
  }

  @Test
  void writesAndReadsTheLayoutThatOtherRegistriesUse() throws Exception {
    String topic = RegistryFixture.newTopic();
    try (RegistryFixture registry = new RegistryFixture(topic)) {
      registry.register("s", "\"int\"");
      registry.put("/config/s", "{\"compatibility\":\"FULL\"}");
      registry.delete("/subjects/s");
    }
    assertThat(TestKafka.shared().readAll(topic, IsolationLevel.READ_COMMITTED))
        .extracting(r -> text(r.key()) + " " + text(r.value()))
        .containsExactly(
            "{\"keytype\":\"SCHEMA\",\"subject\":\"s\",\"version\":1,\"magic\":1}"
                + " {\"subject\":\"s\",\"version\":1,\"id\":1,\"schema\":\"\\\"int\\\"\","
                + "\"deleted\":false}",
            "{\"keytype\":\"CONFIG\",\"subject\":\"s\",\"magic\":0}"
                + " {\"compatibilityLevel\":\"FULL\"}",
            "{\"keytype\":\"DELETE_SUBJECT\",\"subject\":\"s\",\"magic\":0}"
                + " {\"subject\":\"s\",\"version\":1}",
            "{\"keytype\":\"CONFIG\",\"subject\":\"s\",\"magic\":0} null");
  }

  @Test
  void takesOverATopicAndLeavesOutWhatItDoesNotUnderstand() throws Exception {
    String topic = RegistryFixture.newTopic();
    TestKafka.shared().createTopic(topic, 1, Map.of("cleanup.policy", "compact"));
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", TestKafka.shared().bootstrapServers()),
            new StringSerializer(),
            new StringSerializer())) {
      String[][] records = {
        {"{\"keytype\":\"NOOP\",\"magic\":0}", null},
        {schemaKey("s", 1), schemaValue("s", 1, 7)},
        {schemaKey("s", 2), schemaValue("s", 2, 9)},
        {schemaKey("t", 1), schemaValue("t", 1, 12)},
        {schemaKey("t", 1), null},
        {schemaKey("u", 1), schemaValue("u", 1, 7)},
        {
          "{\"keytype\":\"DELETE_SUBJECT\",\"subject\":\"u\",\"magic\":0}",
          "{\"subject\":\"u\",\"version\":1}"
        },
        {"{\"keytype\":\"CLEAR_SUBJECT\",\"subject\":\"u\",\"magic\":0}", "{\"subject\":\"u\"}"},
        {"{\"keytype\":\"MODE\",\"subject\":null,\"magic\":0}", "{\"mode\":\"READWRITE\"}"},
        {"{\"keytype\":\"SOMETHING\",\"magic\":0}", "{}"},
        {"nonsense", "{"},
        {schemaKey("s", 3), "nonsense"},
        {schemaKey("s", 4), "{\"subject\":\"s\",\"version\":4,\"id\":\"x\",\"schema\":\"\"}"},
      };
      for (String[] record : records) {
        producer.send(new ProducerRecord<>(topic, record[0], record[1])).get();
      }
    }

    try (RegistryFixture registry = new RegistryFixture(topic)) {
      assertThat(registry.get("/subjects?deleted=true").body().toString()).isEqualTo("[\"s\"]");
      assertThat(registry.get("/subjects/s/versions").body().toString()).isEqualTo("[1,2]");
      assertThat(registry.register("v", "\"int\"").body().path("id").intValue()).isEqualTo(13);
    }
  }

  @Test
  void keepsSchemasThatAreLargerThanKafkasDefault() throws Exception {
    String topic = RegistryFixture.newTopic();
    // Quotes grow when they are written inside of two JSON strings.
    String large =
        "{\"type\":\"fixed\",\"name\":\"f\",\"size\":1,\"doc\":\"" + "\\\"".repeat(240_000) + "\"}";
    try (RegistryFixture registry = new RegistryFixture(topic)) {
      assertThat(registry.register("s", large).status()).isEqualTo(200);
    }
    try (RegistryFixture registry = new RegistryFixture(topic)) {
      String stored = registry.get("/schemas/ids/1").body().path("schema").textValue();
      assertThat(JSON.readTree(stored)).isEqualTo(JSON.readTree(large));
    }
  }

  @Test
  void refusesASchemaThatTheTopicDoesNotTake() throws Exception {
    String topic = RegistryFixture.newTopic();
    TestKafka.shared()
        .createTopic(topic, 1, Map.of("cleanup.policy", "compact", "max.message.bytes", "1000"));
    try (RegistryFixture registry = new RegistryFixture(topic)) {
      Reply reply =
          registry.register(
              "s",
              "{\"type\":\"fixed\",\"name\":\"f\",\"size\":1,\"doc\":\""
                  + "x".repeat(2_000)
                  + "\"}");
      assertThat(reply.code()).isEqualTo(42201);
      assertThat(reply.body().path("message").textValue()).contains("max.message.bytes", topic);
      assertThat(registry.register("s", "\"int\"").body().path("id").intValue()).isEqualTo(1);
    }
  }

  @Test
  void refusesATopicThatWouldLoseSchemas() {
    String deleting = RegistryFixture.newTopic();
    String partitioned = RegistryFixture.newTopic();
    TestKafka.shared().createTopic(deleting, 1, Map.of("cleanup.policy", "delete"));
    TestKafka.shared().createTopic(partitioned, 2, Map.of("cleanup.policy", "compact"));

    for (String topic : List.of(deleting, partitioned)) {
      assertThatThrownBy(() -> new RegistryFixture(topic))
          .isInstanceOfSatisfying(
              BottledWaterException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.KAFKA_CONFIG);
                assertThat(e.getMessage()).contains(topic);
              });
    }
  }

  @Test
  void goesOnAfterTheBrokerWasKilled(@TempDir Path directory) throws Exception {
    try (KafkaProcess kafka = KafkaProcess.start(directory, Map.of());
        RegistryFixture registry =
            new RegistryFixture(
                // A broker may take its time to come back.
                RegistryFixture.settings(
                    "_schemas", kafka.bootstrapServers(), 1_000, Duration.ofSeconds(120)))) {
      registry.register("s", record("r"));
      kafka.kill9();

      ExecutorService client = Executors.newSingleThreadExecutor();
      Future<Reply> reply = client.submit(() -> registry.register("s", record("r", "x")));
      assertThat(registry.get("/schemas/ids/1").status()).isEqualTo(200);
      assertThat(registry.get("/health").body().has("status")).isTrue();
      kafka.start();

      assertThat(reply.get().body().toString()).isEqualTo("{\"id\":2}");
      assertThat(registry.get("/subjects/s/versions").body().toString()).isEqualTo("[1,2]");
      client.shutdownNow();
    }
  }

  private static String schemaKey(String subject, int version) {
    return "{\"keytype\":\"SCHEMA\",\"subject\":\""
        + subject
        + "\",\"version\":"
        + version
        + ",\"magic\":1}";
  }

  private static String schemaValue(String subject, int version, int id) {
    return "{\"subject\":\""
        + subject
        + "\",\"version\":"
        + version
        + ",\"id\":"
        + id
        + ",\"md5\":\"ignored\",\"schema\":\"\\\"bytes\\\"\",\"deleted\":false}";
  }

  private static String text(byte[] bytes) {
    return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
  }
}
