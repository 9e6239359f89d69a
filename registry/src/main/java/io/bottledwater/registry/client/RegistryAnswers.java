package io.bottledwater.registry.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a registry's answers mean, and how they are told. Stateless. */
final class RegistryAnswers {
  private static final ObjectMapper json = new ObjectMapper();
  private static final int MAX_MESSAGE_CHARS = 500;

  private RegistryAnswers() {}

  static JsonNode accepted(RegistryHttp.Answer answer, String what) {
    return accepted(answer, what, JsonNode::isObject);
  }

  static JsonNode accepted(
      RegistryHttp.Answer answer, String what, Predicate<JsonNode> isExpected) {
    int status = answer.status();
    JsonNode body = parse(answer);
    if (status == 200 && body != null && isExpected.test(body)) {
      return body;
    }
    if (status == 401 || status == 403) {
      throw new BottledWaterException(
          ErrorCode.SCHEMA_REFUSED,
          "The schema registry "
              + answer.hostPort()
              + " says that the credentials are wrong or lack the right (HTTP "
              + status
              + message(body)
              + ").",
          "Correct user and password in --schema-registry.",
          null);
    }
    // Without an error code of the registry's own, a proxy or some other server speaks.
    if (status >= 400 && body != null && body.path("error_code").isInt()) {
      throw new BottledWaterException(ErrorCode.SCHEMA_REFUSED, refusal(answer, what));
    }
    throw RegistryHttp.notARegistry(answer.hostPort(), wrongAnswer(status, body), null);
  }

  /** That the registry did not take something, and why in its own words. */
  static String refusal(RegistryHttp.Answer answer, String what) {
    return "The schema registry "
        + answer.hostPort()
        + " refused "
        + what
        + " (HTTP "
        + answer.status()
        + message(parse(answer))
        + ").";
  }

  private static String wrongAnswer(int status, @Nullable JsonNode body) {
    if (status >= 300 && status < 400) {
      return "it redirects elsewhere (HTTP " + status + ")";
    }
    return "HTTP " + status + (body == null ? " without JSON" : " with unexpected JSON");
  }

  static @Nullable JsonNode parse(RegistryHttp.Answer answer) {
    try {
      JsonNode body = json.readTree(answer.body());
      return body == null || body.isMissingNode() ? null : body;
    } catch (IOException e) {
      return null;
    }
  }

  /** The registry's own message as a clause, or nothing. */
  private static String message(@Nullable JsonNode body) {
    String text = body == null ? "" : body.path("message").asText("");
    return text.isBlank() ? "" : ": " + clean(text);
  }

  /** Foreign text made fit for one line of a log. */
  static String clean(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length() && out.length() < MAX_MESSAGE_CHARS; i++) {
      char c = text.charAt(i);
      int kind = Character.getType(c);
      boolean unfit =
          kind == Character.CONTROL
              || kind == Character.FORMAT
              || kind == Character.LINE_SEPARATOR
              || kind == Character.PARAGRAPH_SEPARATOR;
      out.append(unfit ? ' ' : c);
    }
    if (out.length() < text.length()) {
      out.append("...");
    }
    return out.toString();
  }

  static String pathSegment(String subject) {
    String encoded = URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    // Proxies remove dot segments, even before they reach the registry.
    return encoded.equals(".") || encoded.equals("..") ? encoded.replace(".", "%2E") : encoded;
  }
}
