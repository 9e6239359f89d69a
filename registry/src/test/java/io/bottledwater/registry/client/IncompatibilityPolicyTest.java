package io.bottledwater.registry.client;

import static io.bottledwater.registry.client.ScriptedServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.schema.IncompatibleSchemaException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is asked of a registry that refuses a schema, and what becomes of its bad answers. */
@Timeout(60)
class IncompatibilityPolicyTest {
  private static final String INT = record("int");
  private static final String TEXT = record("string");
  private static final ScriptedServer.Answer REFUSAL =
      json(409, "{\"error_code\":409,\"message\":\"no\"}");
  private static final ScriptedServer.Answer NEWEST =
      json(200, "{\"version\":3,\"id\":1,\"schema\":\"" + INT.replace("\"", "\\\"") + "\"}");

  @Test
  void saysWhatChangedAndWhatToDo() throws Exception {
    try (ScriptedServer server = new ScriptedServer(REFUSAL, NEWEST)) {
      IncompatibleSchemaException refused =
          catchThrowableOfType(
              IncompatibleSchemaException.class,
              () -> policy(server, false).register("t-value", "AVRO", TEXT));

      assertThat(refused.code()).isEqualTo(ErrorCode.SCHEMA_REFUSED);
      assertThat(refused.found())
          .startsWith("Changes since version 3 of subject t-value: \"v\" int, required -> string,")
          .contains("HTTP 409: no");
      assertThat(refused.advice()).contains("--on-incompatible-schema=force", "new-topic");
      assertThat(calls(server)).containsExactly("POST /subjects/t-value/versions", latest());
    }
  }

  @Test
  void forcesBetweenTwoChangesOfTheLevel() throws Exception {
    try (ScriptedServer server =
        forcing(
            json(200, "{\"compatibilityLevel\":\"FULL\"}"),
            json(200, "{\"compatibility\":\"NONE\"}"),
            json(200, "{\"id\":7}"),
            json(200, "{\"compatibility\":\"FULL\"}"))) {
      assertThat(policy(server, true).register("t-value", "AVRO", TEXT)).isEqualTo(7);

      assertThat(calls(server).subList(3, 7))
          .containsExactly(
              "GET /config/t-value",
              "PUT /config/t-value {\"compatibility\":\"NONE\"}",
              "POST /subjects/t-value/versions",
              "PUT /config/t-value {\"compatibility\":\"FULL\"}");
    }
  }

  @Test
  void takesTheLevelAwayWhereThereWasNone() throws Exception {
    try (ScriptedServer server =
        forcing(
            json(404, "{\"error_code\":40408,\"message\":\"none\"}"),
            json(200, "{}"),
            json(200, "{\"id\":7}"),
            json(200, "{\"compatibilityLevel\":\"NONE\"}"))) {
      assertThat(policy(server, true).register("t-value", "AVRO", TEXT)).isEqualTo(7);

      assertThat(calls(server)).last().isEqualTo("DELETE /config/t-value");
    }
  }

  @Test
  void stopsWhenTheLevelMayNotBeChanged() throws Exception {
    for (ScriptedServer.Answer no :
        List.of(
            json(403, "{\"error_code\":40301,\"message\":\"denied\"}"),
            json(401, "Unauthorized"),
            json(404, "<html>"),
            json(422, "{\"error_code\":42205,\"message\":\"read-only\"}"))) {
      try (ScriptedServer server = forcing(json(200, "{\"compatibilityLevel\":\"FULL\"}"), no)) {
        BottledWaterException refused = refused(server);

        assertThat(refused.code()).isEqualTo(ErrorCode.SCHEMA_REFUSED);
        assertThat(refused.found())
            .contains("\"v\" int, required -> string", "It cannot be forced", "(HTTP 4");
        // Nothing was changed, so nothing is to be put back.
        assertThat(server.seen).hasSize(5);
      }
    }
  }

  @Test
  void putsTheLevelBackWhenTheSchemaIsRefusedAllTheSame() throws Exception {
    try (ScriptedServer server =
        forcing(
            json(200, "{\"compatibilityLevel\":\"FULL\"}"),
            json(200, "{}"),
            json(422, "{\"error_code\":42201,\"message\":\"invalid\"}"),
            json(200, "{}"))) {
      assertThat(refused(server).found()).contains("invalid");
      assertThat(calls(server))
          .last()
          .isEqualTo("PUT /config/t-value {\"compatibility\":\"FULL\"}");
    }
  }

  @Test
  void putsALevelBackLaterWhenItCouldNotAtOnce() throws Exception {
    try (ScriptedServer server =
            forcing(
                json(200, "{\"compatibilityLevel\":\"FULL\"}"),
                json(200, "{}"),
                json(200, "{\"id\":7}"),
                json(403, "{\"error_code\":40301,\"message\":\"denied\"}"),
                json(200, "{}"),
                json(200, "{\"id\":8}"));
        HttpSchemaRegistry registry = registry(server)) {
      IncompatibilityPolicy policy = new IncompatibilityPolicy(registry, true);
      BottledWaterException refused =
          catchThrowableOfType(
              BottledWaterException.class, () -> policy.register("t-value", "AVRO", TEXT));
      assertThat(refused.code()).isEqualTo(ErrorCode.SCHEMA_REFUSED);

      assertThat(policy.register("u-value", "AVRO", TEXT)).isEqualTo(8);
      assertThat(calls(server).subList(7, 9))
          .containsExactly(
              "PUT /config/t-value {\"compatibility\":\"FULL\"}",
              "POST /subjects/u-value/versions");
    }
  }

  /** Refuses the schema twice, as it is tried once more, and says what there is. */
  private static ScriptedServer forcing(ScriptedServer.Answer... then) throws IOException {
    ScriptedServer.Answer[] all = new ScriptedServer.Answer[then.length + 3];
    all[0] = REFUSAL;
    all[1] = REFUSAL;
    all[2] = NEWEST;
    System.arraycopy(then, 0, all, 3, then.length);
    return new ScriptedServer(all);
  }

  private static BottledWaterException refused(ScriptedServer server) {
    return catchThrowableOfType(
        BottledWaterException.class, () -> policy(server, true).register("t-value", "AVRO", TEXT));
  }

  private static IncompatibilityPolicy policy(ScriptedServer server, boolean force) {
    return new IncompatibilityPolicy(registry(server), force);
  }

  private static HttpSchemaRegistry registry(ScriptedServer server) {
    return new HttpSchemaRegistry(
        RegistryUrls.of("http://" + server.hostPort()), Duration.ofSeconds(20));
  }

  private static String latest() {
    return "GET /subjects/t-value/versions/latest";
  }

  /** Method and path, and the body of a change of a level. */
  private static List<String> calls(ScriptedServer server) {
    return server.seen.stream()
        .map(
            seen ->
                seen.method()
                    + " "
                    + seen.rawPath()
                    + (seen.method().equals("PUT") ? " " + seen.body() : ""))
        .toList();
  }

  private static String record(String type) {
    return "{\"type\":\"record\",\"name\":\"t\",\"fields\":[{\"name\":\"v\",\"type\":\""
        + type
        + "\"}]}";
  }
}
