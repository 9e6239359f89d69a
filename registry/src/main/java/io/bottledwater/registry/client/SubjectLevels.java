package io.bottledwater.registry.client;

import static io.bottledwater.registry.client.RegistryAnswers.clean;
import static io.bottledwater.registry.client.RegistryAnswers.parse;
import static io.bottledwater.registry.client.RegistryAnswers.pathSegment;
import static io.bottledwater.registry.client.RegistryAnswers.refusal;

import com.fasterxml.jackson.databind.JsonNode;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The levels of compatibility that subjects have of their own ("Schema Registry API Reference",
 * {@code /config/(subject)}). Thread safe.
 */
final class SubjectLevels {
  static final String NONE = "NONE";

  private final RegistryHttp http;

  SubjectLevels(RegistryHttp http) {
    this.http = http;
  }

  /**
   * The subject's own level; empty when the registry's is in force.
   *
   * @throws BottledWaterException {@code BW-SCHEMA-REFUSED} when the registry does not tell, {@code
   *     BW-REGISTRY-UNREACHABLE} after the retries
   */
  Optional<String> own(String subject) {
    RegistryHttp.Answer answer = http.exchange("GET", path(subject), null);
    if (answer.status() == 404 && parse(answer) != null) {
      return Optional.empty();
    }
    JsonNode level = accepted(answer, subject).path("compatibilityLevel");
    if (!level.isTextual() || !level.textValue().matches("[A-Z_]{1,40}")) {
      throw RegistryHttp.notARegistry(answer.hostPort(), "HTTP 200 without a level", null);
    }
    return Optional.of(level.textValue());
  }

  /** Throws as {@link #own}. */
  void set(String subject, String level) {
    byte[] body = ("{\"compatibility\":\"" + level + "\"}").getBytes(StandardCharsets.UTF_8);
    accepted(http.exchange("PUT", path(subject), body), subject);
  }

  /** Leaves the subject without a level of its own; throws as {@link #own}. */
  void remove(String subject) {
    RegistryHttp.Answer answer = http.exchange("DELETE", path(subject), null);
    JsonNode body = answer.status() == 404 ? parse(answer) : null;
    int code = body == null ? 0 : body.path("error_code").asInt();
    // Somebody else has removed it.
    if (code != 40401 && code != 40408) {
      accepted(answer, subject);
    }
  }

  private static String path(String subject) {
    return "/config/" + pathSegment(subject);
  }

  // Whoever may register schemas need not have the right to change levels, nor may what stands
  // before the registry let it through: any refusal is one of the level.
  private static JsonNode accepted(RegistryHttp.Answer answer, String subject) {
    JsonNode body = parse(answer);
    if (answer.status() == 200 && body != null) {
      return body;
    }
    throw new BottledWaterException(
        ErrorCode.SCHEMA_REFUSED,
        refusal(answer, "the compatibility level of subject " + clean(subject)));
  }
}
