package io.bottledwater.registry.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bottledwater.testkit.TestKafka;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A registry on a topic of its own in the shared broker, and what a test says to it. */
final class RegistryFixture implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();

  // Longer than any registry here takes to give up a write, so that what it says is heard.
  private static final Duration REPLY_LIMIT = Duration.ofSeconds(150);

  private static final AtomicInteger topics = new AtomicInteger();
  private static final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  final SchemaRegistryServer server;
  final String topic;

  /** A status, the content type, and a body that is JSON. */
  record Reply(int status, String contentType, JsonNode body) {
    int code() {
      return body.path("error_code").asInt();
    }
  }

  RegistryFixture() {
    this(newTopic());
  }

  RegistryFixture(String topic) {
    this(settings(topic, TestKafka.shared().bootstrapServers(), 1_000));
  }

  RegistryFixture(SchemaRegistryServer.Settings settings) {
    this.topic = settings.topic();
    this.server = SchemaRegistryServer.start(settings);
  }

  static String newTopic() {
    return "_schemas-" + topics.incrementAndGet();
  }

  static SchemaRegistryServer.Settings settings(
      String topic, String bootstrapServers, int maxConnections) {
    return settings(topic, bootstrapServers, maxConnections, Duration.ofSeconds(30));
  }

  static SchemaRegistryServer.Settings settings(
      String topic, String bootstrapServers, int maxConnections, Duration commitLimit) {
    return new SchemaRegistryServer.Settings(
        "127.0.0.1",
        0,
        bootstrapServers,
        topic,
        Optional.of((short) 1),
        maxConnections,
        commitLimit,
        Map.of());
  }

  int port() {
    return server.address().getPort();
  }

  String url() {
    return "http://127.0.0.1:" + port();
  }

  Reply get(String path) throws IOException, InterruptedException {
    return send("GET", path, null);
  }

  Reply post(String path, String body) throws IOException, InterruptedException {
    return send("POST", path, body);
  }

  Reply put(String path, String body) throws IOException, InterruptedException {
    return send("PUT", path, body);
  }

  Reply delete(String path) throws IOException, InterruptedException {
    return send("DELETE", path, null);
  }

  Reply register(String subject, String schema) throws IOException, InterruptedException {
    return post("/subjects/" + encode(subject) + "/versions", request(schema));
  }

  Reply send(String method, String path, String body) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url() + path)).timeout(REPLY_LIMIT);
    if (body == null) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/vnd.schemaregistry.v1+json")
          .method(method, HttpRequest.BodyPublishers.ofString(body));
    }
    return send(request.build());
  }

  static Reply send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    return new Reply(
        response.statusCode(),
        response.headers().firstValue("Content-Type").orElse(""),
        JSON.readTree(response.body()));
  }

  static String request(String schema) {
    return JSON.createObjectNode().put("schema", schema).toString();
  }

  static String request(String type, String schema) {
    return JSON.createObjectNode().put("schemaType", type).put("schema", schema).toString();
  }

  static String encode(String subject) {
    return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** A record with one nullable field of each name. */
  static String record(String name, String... fields) {
    StringBuilder text = new StringBuilder();
    text.append("{\"type\":\"record\",\"name\":\"").append(name).append("\",\"fields\":[");
    for (int i = 0; i < fields.length; i++) {
      text.append(i == 0 ? "" : ",").append("{\"name\":\"").append(fields[i]);
      text.append("\",\"type\":[\"null\",\"int\"],\"default\":null}");
    }
    return text.append("]}").toString();
  }

  @Override
  public void close() {
    server.close();
  }
}
