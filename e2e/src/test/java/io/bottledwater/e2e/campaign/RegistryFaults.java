package io.bottledwater.e2e.campaign;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.bottledwater.embedded.FreePort;
import io.bottledwater.registry.server.SchemaRegistryServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Faults of the schema registry; these runs write Avro. */
final class RegistryFaults {
  private static final int CLIENTS = 200;

  private RegistryFaults() {}

  /** It is away when a new schema is due. */
  static void kill(Scene scene) {
    // One that no client is given while the registry is away.
    int port = FreePort.pick();
    SchemaRegistryServer registry = start(scene, port);
    try {
      scene.avro("http://127.0.0.1:" + port).start();
      for (int i = 0; i < scene.rounds(); i++) {
        registry.close();
        scene.database().execute("ALTER TABLE accounts_a ADD COLUMN extra_" + i + " int");
        Scene.sleep(3000);
        registry = start(scene, port);
        scene.recovered();
      }
      scene.finishPump();
    } finally {
      registry.close();
    }
  }

  /**
   * Two servers on one topic, asked by 200 clients at once while the pump registers its own schemas
   * and one of the two goes away.
   */
  static void two(Scene scene) throws Exception {
    try (SchemaRegistryServer one = start(scene, 0);
        SchemaRegistryServer two = start(scene, 0)) {
      scene.avro(url(one) + "," + url(two)).start();
      for (int i = 0; i < scene.rounds(); i++) {
        scene.database().execute("ALTER TABLE accounts_a ADD COLUMN extra_" + i + " int");
        register(scene, "round" + i, List.of(url(one), url(two)));
        scene.recovered();
      }
      one.close();
      scene.database().execute("ALTER TABLE accounts_b ADD COLUMN more int");
      scene.recovered();
      scene.finishPump();
    }
  }

  /** Each schema four times, twice at each server: one id for a schema, one schema for an id. */
  private static void register(Scene scene, String name, List<String> urls) throws Exception {
    HttpClient http = HttpClient.newHttpClient();
    List<CompletableFuture<HttpResponse<String>>> replies = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      int schema = i / 4;
      String record =
          "{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\""
              + (name + "_" + schema)
              + "\\\",\\\"fields\\\":[]}";
      replies.add(
          http.sendAsync(
              HttpRequest.newBuilder(
                      URI.create(
                          urls.get(i % urls.size())
                              + "/subjects/"
                              + scene.name()
                              + name
                              + "-"
                              + i
                              + "/versions"))
                  .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                  .POST(HttpRequest.BodyPublishers.ofString("{\"schema\":\"" + record + "\"}"))
                  .build(),
              HttpResponse.BodyHandlers.ofString()));
    }
    ObjectMapper json = new ObjectMapper();
    Map<Integer, Integer> schemaOfId = new HashMap<>();
    Map<Integer, Integer> idOfSchema = new HashMap<>();
    for (int i = 0; i < CLIENTS; i++) {
      HttpResponse<String> reply = replies.get(i).get();
      int id = json.readTree(reply.body()).path("id").intValue();
      if (reply.statusCode() != 200
          || !same(schemaOfId.put(id, i / 4), i / 4)
          || !same(idOfSchema.put(i / 4, id), id)) {
        scene.violations().add(Rule.O8, "schema " + i / 4 + " got " + reply.body());
      }
    }
  }

  private static boolean same(Integer before, int now) {
    return before == null || before == now;
  }

  private static String url(SchemaRegistryServer registry) {
    return "http://127.0.0.1:" + registry.address().getPort();
  }

  private static SchemaRegistryServer start(Scene scene, int port) {
    return SchemaRegistryServer.start(
        SchemaRegistryServer.Settings.of("127.0.0.1", port, scene.broker().bootstrapServers()));
  }
}
