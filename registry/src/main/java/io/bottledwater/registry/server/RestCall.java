package io.bottledwater.registry.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request, taken apart.
 *
 * @param path the decoded segments; a slash or dots inside one are part of it
 * @param query the first value of each parameter
 */
record RestCall(String method, List<String> path, Map<String, String> query, byte[] body) {
  private static final ObjectMapper json = new ObjectMapper();

  boolean flag(String name) {
    return Boolean.parseBoolean(query.get(name));
  }

  String parameter(String name) {
    String value = query.get(name);
    return value == null ? "" : value;
  }

  /** The body as a JSON object, or null when it is none. */
  @Nullable JsonNode object() {
    try {
      JsonNode node = json.readTree(body);
      return node != null && node.isObject() ? node : null;
    } catch (JsonProcessingException e) {
      return null;
    } catch (IOException e) {
      throw new IllegalStateException("an array in memory cannot fail to be read", e);
    }
  }
}
