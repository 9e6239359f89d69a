package io.bottledwater.registry.client;

import static io.bottledwater.registry.client.ScriptedServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.bottledwater.embedded.FreePort;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import java.io.OutputStream;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(60)
class HttpSchemaRegistryTest {
  private static final String SCHEMA = "{\"type\":\"string\"}";

  @Test
  void registersOnceAndRemembersTheId() throws Exception {
    try (ScriptedServer server = new ScriptedServer(json(200, "{\"id\":7}"));
        HttpSchemaRegistry registry = registry("http://" + server.hostPort() + "/prefix/")) {
      assertThat(registry.register("a/b c..ü-value", "AVRO", SCHEMA)).isEqualTo(7);
      assertThat(registry.register("a/b c..ü-value", "AVRO", SCHEMA)).isEqualTo(7);

      assertThat(server.seen)
          .containsExactly(
              new ScriptedServer.Seen(
                  "POST",
                  "/prefix/subjects/a%2Fb%20c..%C3%BC-value/versions",
                  "null",
                  "{\"schema\":\"{\\\"type\\\":\\\"string\\\"}\"}"));

      registry.register("other", "AVRO", SCHEMA);
      registry.register("other", "JSON", SCHEMA);
      assertThat(server.seen).hasSize(3);
      assertThat(server.seen.get(2).body()).contains("\"schemaType\":\"JSON\"");
    }
  }

  @Test
  void readsASchemaOnce() throws Exception {
    String answer =
        "{\"schema\":\"x\",\"schemaType\":\"PROTOBUF\","
            + "\"references\":[{\"name\":\"n\",\"subject\":\"s\",\"version\":2}]}";
    try (ScriptedServer server = new ScriptedServer(json(200, answer));
        HttpSchemaRegistry registry = registry("http://" + server.hostPort())) {
      RegisteredSchema schema = registry.schemaById(9);

      assertThat(schema.type()).isEqualTo("PROTOBUF");
      assertThat(schema.text()).isEqualTo("x");
      assertThat(schema.references()).containsExactly(new SchemaReference("n", "s", 2));
      assertThat(registry.schemaById(9)).isSameAs(schema);
      assertThat(server.seen).hasSize(1);
      assertThat(server.seen.get(0).rawPath()).isEqualTo("/schemas/ids/9");
    }
  }

  @Test
  void triesAgainWhileTheRegistryIsBusy() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                json(503, "<html>"),
                json(429, ""),
                ScriptedServer::breakOff,
                json(200, "{\"id\":1}"));
        HttpSchemaRegistry registry = registry("http://" + server.hostPort())) {
      assertThat(registry.register("s", "AVRO", SCHEMA)).isEqualTo(1);
      assertThat(server.seen).hasSize(4);
    }
  }

  @Test
  void turnsToTheNextUrlAndStaysThere() throws Exception {
    int nobody = FreePort.pick();
    try (ScriptedServer server = new ScriptedServer(json(200, "{\"id\":1}"));
        HttpSchemaRegistry registry =
            registry("http://127.0.0.1:" + nobody + ",http://" + server.hostPort())) {
      ListAppender<ILoggingEvent> logged = listen();
      registry.register("s", "AVRO", SCHEMA);
      registry.register("t", "AVRO", SCHEMA);

      assertThat(server.seen).hasSize(2);
      assertThat(logged.list)
          .extracting(ILoggingEvent::getFormattedMessage)
          .containsExactly(
              "Schema registry 127.0.0.1:"
                  + nobody
                  + " does not accept connections; trying the next one.");
    }
  }

  @Test
  void givesUpByNameAndWithoutSecrets() {
    int nobody = FreePort.pick();
    try (HttpSchemaRegistry registry =
        new HttpSchemaRegistry(
            RegistryUrls.of("http://user:hunter2@127.0.0.1:" + nobody), Duration.ofSeconds(5))) {
      ListAppender<ILoggingEvent> logged = listen();
      refuses(
          () -> registry.register("s", "AVRO", SCHEMA),
          ErrorCode.REGISTRY_UNREACHABLE,
          e -> assertThat(e.getMessage()).contains("127.0.0.1:" + nobody));

      assertThat(logged.list)
          .isNotEmpty()
          .allSatisfy(
              event ->
                  assertThat(event.getFormattedMessage())
                      .contains("127.0.0.1:" + nobody, "trying again in")
                      .doesNotContain("hunter2"));
    }
  }

  @Test
  void passesOnWhyASchemaIsRefusedInOneBoundedLine() throws Exception {
    String message = "not\\ncompatible\\u001b[31m\\u2028" + "x".repeat(10_000);
    try (ScriptedServer server =
            new ScriptedServer(json(409, "{\"error_code\":409,\"message\":\"" + message + "\"}"));
        HttpSchemaRegistry registry = registry("http://" + server.hostPort())) {
      refuses(
          () -> registry.register("s\n\u001b", "AVRO", SCHEMA),
          ErrorCode.SCHEMA_REFUSED,
          e ->
              assertThat(e.getMessage())
                  .contains("HTTP 409: not compatible [31m xxx", server.hostPort())
                  .doesNotContain("\n", "\u001b", "\u2028")
                  .hasSizeLessThan(1_000));
      assertThat(server.seen).hasSize(1);
    }
  }

  @Test
  void saysThatCredentialsAreWrong() throws Exception {
    try (ScriptedServer server = new ScriptedServer(json(401, "Unauthorized"));
        HttpSchemaRegistry registry = registry("http://user:hunter2@" + server.hostPort())) {
      refuses(
          () -> registry.register("s", "AVRO", SCHEMA),
          ErrorCode.SCHEMA_REFUSED,
          e ->
              assertThat(e.getMessage())
                  .contains("credentials are wrong", server.hostPort())
                  .doesNotContain("hunter2"));
      assertThat(server.seen.get(0).authorization()).isEqualTo("Basic dXNlcjpodW50ZXIy");
    }
  }

  @Test
  void neverFollowsARedirectWithItsCredentials() throws Exception {
    try (ScriptedServer elsewhere = new ScriptedServer(json(200, "{\"id\":1}"));
        ScriptedServer server =
            new ScriptedServer(
                exchange -> {
                  exchange
                      .getResponseHeaders()
                      .set("Location", "http://" + elsewhere.hostPort() + "/");
                  exchange.sendResponseHeaders(307, -1);
                });
        HttpSchemaRegistry registry = registry("http://user:hunter2@" + server.hostPort())) {
      isNoRegistry(registry, server, "redirects");
      assertThat(elsewhere.seen).isEmpty();
    }
  }

  @Test
  void namesAServerThatIsNoRegistry() throws Exception {
    for (String lie :
        new String[] {
          "",
          "<html>",
          "[]",
          "{}",
          "{\"id\":\"x\"}",
          "{\"id\":-1}",
          "{\"id\":99999999999}",
          "[".repeat(100_000)
        }) {
      try (ScriptedServer server = new ScriptedServer(json(200, lie));
          HttpSchemaRegistry registry = registry("http://" + server.hostPort())) {
        isNoRegistry(registry, server, "HTTP 200");
      }
    }
    try (ScriptedServer server = new ScriptedServer(json(404, "{\"message\":\"nothing here\"}"));
        HttpSchemaRegistry registry = registry("http://" + server.hostPort())) {
      isNoRegistry(registry, server, "HTTP 404");
    }
  }

  @Test
  void stopsReadingAnEndlessAnswer() throws Exception {
    try (ScriptedServer server = new ScriptedServer(ScriptedServer::endless);
        HttpSchemaRegistry registry = registry("http://" + server.hostPort())) {
      isNoRegistry(registry, server, "larger than 8 MB");
    }
  }

  @Test
  void givesUpOnAnAnswerThatNeverEnds() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                exchange -> {
                  exchange.sendResponseHeaders(200, 100);
                  OutputStream out = exchange.getResponseBody();
                  out.write('{');
                  out.flush();
                  sleep();
                });
        HttpSchemaRegistry registry =
            new HttpSchemaRegistry(
                RegistryUrls.of("http://" + server.hostPort()), Duration.ofSeconds(1))) {
      refuses(
          () -> registry.schemaById(1),
          ErrorCode.REGISTRY_UNREACHABLE,
          e -> assertThat(e.getMessage()).contains("did not answer within"));
    }
  }

  private static HttpSchemaRegistry registry(String urls) {
    return new HttpSchemaRegistry(RegistryUrls.of(urls), Duration.ofSeconds(20));
  }

  private static void isNoRegistry(HttpSchemaRegistry registry, ScriptedServer server, String why) {
    refuses(
        () -> registry.register("s", "AVRO", SCHEMA),
        ErrorCode.REGISTRY_UNREACHABLE,
        e ->
            assertThat(e.getMessage())
                .contains("does not answer as a schema registry does", server.hostPort(), why));
    assertThat(server.seen).hasSize(1);
  }

  private static void refuses(
      Runnable call, ErrorCode code, Consumer<BottledWaterException> further) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            BottledWaterException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              further.accept(e);
            });
  }

  private static ListAppender<ILoggingEvent> listen() {
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.start();
    ((Logger) LoggerFactory.getLogger(HttpSchemaRegistry.class)).addAppender(appender);
    return appender;
  }

  private static void sleep() {
    try {
      Thread.sleep(60_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
