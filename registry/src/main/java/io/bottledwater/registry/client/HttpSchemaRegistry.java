package io.bottledwater.registry.client;

import static io.bottledwater.registry.client.RegistryAnswers.accepted;
import static io.bottledwater.registry.client.RegistryAnswers.clean;
import static io.bottledwater.registry.client.RegistryAnswers.parse;
import static io.bottledwater.registry.client.RegistryAnswers.pathSegment;
import static io.bottledwater.registry.client.RegistryAnswers.refusal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bottledwater.config.RegistryUrl;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.schema.IncompatibleSchemaException;
import io.bottledwater.schema.SchemaOutlook;
import io.bottledwater.schema.SchemaRegistry;
import io.bottledwater.schema.SubjectVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A client of a Confluent-compatible schema registry. Thread safe. Both caches are bounded; the
 * entry that was used longest ago makes room.
 */
public final class HttpSchemaRegistry implements SchemaRegistry, SchemaOutlook.Source {
  private static final Duration DEFAULT_TOTAL_LIMIT = Duration.ofSeconds(60);
  // Two a table, and all of them are asked for in turn: one too few would be as good as none.
  private static final int CACHED_IDS = 100_000;
  private static final int CACHED_SCHEMAS = 1_000;

  private final ObjectMapper json = new ObjectMapper();
  private final RegistryHttp http;
  private final SubjectLevels levels;
  private final Map<CacheKey, Integer> ids = bounded(CACHED_IDS);
  private final Map<Integer, RegisteredSchema> schemas = bounded(CACHED_SCHEMAS);

  /** Gives up on an unreachable registry after 60 seconds. */
  public HttpSchemaRegistry(List<RegistryUrl> urls) {
    this(urls, DEFAULT_TOTAL_LIMIT);
  }

  /**
   * @param urls tried in turn; user and password become Basic authentication; a path in front of
   *     the API is kept
   * @param totalLimit how long one call goes on trying
   */
  public HttpSchemaRegistry(List<RegistryUrl> urls, Duration totalLimit) {
    this.http = new RegistryHttp(urls.stream().map(Endpoint::new).toList(), totalLimit);
    this.levels = new SubjectLevels(http);
  }

  /** Connects in the background; a failure is left to the first request to report. */
  public void warmUp() {
    http.warmUp();
  }

  @Override
  public int register(String subject, String type, String schema) {
    CacheKey key = CacheKey.of(subject, type, schema);
    Integer cached = ids.get(key);
    if (cached != null) {
      return cached;
    }
    RegistryHttp.Answer answer =
        exchange("/subjects/" + pathSegment(subject) + "/versions", request(type, schema));
    String what = "the " + type + " schema of subject " + clean(subject);
    if (answer.status() == 409) {
      throw new IncompatibleSchemaException(refusal(answer, what));
    }
    JsonNode body = accepted(answer, what);
    int id = id(answer, body.path("id"));
    ids.put(key, id);
    return id;
  }

  /** The levels of compatibility that the registry's subjects have. */
  SubjectLevels levels() {
    return levels;
  }

  // Null for a GET.
  private RegistryHttp.Answer exchange(String path, byte @Nullable [] body) {
    return http.exchange(body == null ? "GET" : "POST", path, body);
  }

  private byte[] request(String type, String schema) {
    ObjectNode request = json.createObjectNode().put("schema", schema);
    // Registries older than schema types refuse the field, and AVRO is what its absence means.
    if (!type.equals("AVRO")) {
      request.put("schemaType", type);
    }
    return bytes(request);
  }

  @Override
  public SchemaOutlook outlook(String subject, String type, String schema) {
    String what = "the " + type + " schema of subject " + clean(subject);
    byte[] request = request(type, schema);
    RegistryHttp.Answer found = exchange("/subjects/" + pathSegment(subject), request);
    if (found.status() == 200) {
      JsonNode version = accepted(found, what).path("version");
      return new SchemaOutlook(SchemaOutlook.Kind.REGISTERED, version.asInt(), "");
    }
    if (found.status() == 422) {
      return refused(parse(found));
    }
    RegistryHttp.Answer versions =
        exchange("/subjects/" + pathSegment(subject) + "/versions", null);
    JsonNode numbers = parse(versions);
    if (versions.status() == 404) {
      return new SchemaOutlook(SchemaOutlook.Kind.ACCEPTED, 1, "");
    }
    if (versions.status() != 200 || numbers == null || !numbers.isArray()) {
      accepted(versions, what);
      return SchemaOutlook.UNKNOWN;
    }
    int newest = 0;
    for (JsonNode number : numbers) {
      newest = Math.max(newest, number.asInt());
    }
    JsonNode verdict =
        accepted(
            exchange(
                "/compatibility/subjects/" + pathSegment(subject) + "/versions/latest?verbose=true",
                request),
            what);
    return verdict.path("is_compatible").asBoolean()
        ? new SchemaOutlook(SchemaOutlook.Kind.ACCEPTED, newest + 1, "")
        : refused(verdict);
  }

  private static SchemaOutlook refused(@Nullable JsonNode body) {
    List<String> reasons = new ArrayList<>();
    if (body != null) {
      body.path("messages").forEach(message -> reasons.add(clean(message.asText())));
      if (reasons.isEmpty() && !body.path("message").asText().isEmpty()) {
        reasons.add(clean(body.path("message").asText()));
      }
    }
    return new SchemaOutlook(SchemaOutlook.Kind.REFUSED, 0, String.join("; ", reasons));
  }

  /**
   * The schema behind an id, as found in a record's first bytes.
   *
   * @throws BottledWaterException {@code BW-SCHEMA-REFUSED} when the registry has no such id,
   *     {@code BW-REGISTRY-UNREACHABLE} after the retries
   */
  public RegisteredSchema schemaById(int id) {
    RegisteredSchema cached = schemas.get(id);
    if (cached != null) {
      return cached;
    }
    RegistryHttp.Answer answer = exchange("/schemas/ids/" + id, null);
    RegisteredSchema schema = schema(answer, accepted(answer, "the schema id " + id));
    schemas.put(id, schema);
    return schema;
  }

  @Override
  public Optional<SubjectVersion> newest(String subject) {
    return version(subject, "latest");
  }

  @Override
  public List<SubjectVersion> versionsAfter(String subject, int after) {
    String what = "the versions of subject " + clean(subject);
    RegistryHttp.Answer answer = exchange("/subjects/" + pathSegment(subject) + "/versions", null);
    List<SubjectVersion> versions = new ArrayList<>();
    if (isMissing(answer)) {
      return versions;
    }
    for (JsonNode number : accepted(answer, what, JsonNode::isArray)) {
      if (number.asInt() > after) {
        // One that was deleted meanwhile is not there any more.
        version(subject, Integer.toString(number.asInt())).ifPresent(versions::add);
      }
    }
    return versions;
  }

  private Optional<SubjectVersion> version(String subject, String number) {
    RegistryHttp.Answer answer =
        exchange("/subjects/" + pathSegment(subject) + "/versions/" + number, null);
    if (isMissing(answer)) {
      return Optional.empty();
    }
    JsonNode body = accepted(answer, "a version of subject " + clean(subject));
    JsonNode version = body.path("version");
    if (!version.isInt() || version.intValue() < 1) {
      throw RegistryHttp.notARegistry(answer.hostPort(), "HTTP 200 without a version", null);
    }
    RegisteredSchema schema = schema(answer, body);
    return Optional.of(
        new SubjectVersion(
            version.intValue(), id(answer, body.path("id")), schema.type(), schema.text()));
  }

  /** Whether the registry says that there is no such subject or version. */
  private boolean isMissing(RegistryHttp.Answer answer) {
    JsonNode body = answer.status() == 404 ? parse(answer) : null;
    int code = body == null ? 0 : body.path("error_code").asInt();
    return code == 40401 || code == 40402;
  }

  @Override
  public void close() {
    // The JDK's client ends its threads when it is no longer referenced.
  }

  private static int id(RegistryHttp.Answer answer, JsonNode id) {
    if (!id.isInt() || id.intValue() < 0) {
      throw RegistryHttp.notARegistry(answer.hostPort(), "HTTP 200 without a schema id", null);
    }
    return id.intValue();
  }

  private static RegisteredSchema schema(RegistryHttp.Answer answer, JsonNode body) {
    JsonNode text = body.path("schema");
    if (!text.isTextual()) {
      throw RegistryHttp.notARegistry(answer.hostPort(), "HTTP 200 without a schema", null);
    }
    List<SchemaReference> references = new ArrayList<>();
    for (JsonNode reference : body.path("references")) {
      references.add(
          new SchemaReference(
              reference.path("name").asText(),
              reference.path("subject").asText(),
              reference.path("version").asInt()));
    }
    return new RegisteredSchema(
        body.path("schemaType").asText("AVRO"), text.textValue(), references);
  }

  private byte[] bytes(ObjectNode request) {
    try {
      return json.writeValueAsBytes(request);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <K, V> Map<K, V> bounded(int entries) {
    return Collections.synchronizedMap(
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > entries;
          }
        });
  }

  /** A subject's schema; half of the text's SHA-256 stands for it, whatever its size. */
  private record CacheKey(String subject, String type, long high, long low) {
    static CacheKey of(String subject, String type, String schema) {
      try {
        ByteBuffer digest =
            ByteBuffer.wrap(
                MessageDigest.getInstance("SHA-256")
                    .digest(schema.getBytes(StandardCharsets.UTF_8)));
        return new CacheKey(subject, type, digest.getLong(), digest.getLong());
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
