package io.bottledwater.registry.server;

import static io.bottledwater.registry.server.RegistryFixture.JSON;
import static io.bottledwater.registry.server.RegistryFixture.record;
import static io.bottledwater.registry.server.RegistryFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import io.bottledwater.registry.server.RegistryFixture.Reply;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Base64;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RestApiTest {
  private RegistryFixture registry;

  @BeforeEach
  void start() {
    registry = new RegistryFixture();
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void givesTheSameSchemaTheSameIdUnderEverySubject() throws Exception {
    String spaced = "{ \"type\" : \"record\", \"name\":\"r\",\n \"fields\": [ ] }";

    assertThat(registry.register("a", record("r"))).satisfies(r -> answers(r, "{\"id\":1}"));
    assertThat(registry.register("a", record("r"))).satisfies(r -> answers(r, "{\"id\":1}"));
    assertThat(registry.register("b", spaced)).satisfies(r -> answers(r, "{\"id\":1}"));
    assertThat(registry.register("a", record("r", "x"))).satisfies(r -> answers(r, "{\"id\":2}"));

    answers(registry.get("/subjects"), "[\"a\",\"b\"]");
    answers(registry.get("/subjects?subjectPrefix=b"), "[\"b\"]");
    answers(registry.get("/subjects/a/versions"), "[1,2]");
    answers(
        registry.get("/schemas/ids/1/versions"),
        "[{\"subject\":\"a\",\"version\":1},{\"subject\":\"b\",\"version\":1}]");
    answers(registry.get("/schemas/ids/1/subjects"), "[\"a\",\"b\"]");
    answers(registry.get("/schemas/types"), "[\"JSON\",\"PROTOBUF\",\"AVRO\"]");
    answers(registry.get("/"), "{}");
    answers(registry.get("/health"), "{\"status\":\"up\"}");
  }

  @Test
  void keepsPropertiesAndDefaultsOfASchema() throws Exception {
    String schema =
        "{\"type\":\"record\",\"name\":\"r\",\"namespace\":\"a.b\",\"doc\":\"d\",\"fields\":["
            + "{\"name\":\"f\",\"type\":[\"null\",{\"type\":\"bytes\",\"logicalType\":\"decimal\","
            + "\"precision\":5,\"scale\":2}],\"default\":null,\"pg.type\":\"numeric(5,2)\"}]}";
    registry.register("s", schema);

    String stored = registry.get("/schemas/ids/1").body().path("schema").textValue();

    assertThat(JSON.readTree(stored)).isEqualTo(JSON.readTree(schema));
    assertThat(new Schema.Parser().parse(stored)).isEqualTo(new Schema.Parser().parse(schema));
    assertThat(registry.get("/schemas/ids/1/schema").body()).isEqualTo(JSON.readTree(schema));
    assertThat(registry.get("/subjects/s/versions/1/schema").body())
        .isEqualTo(JSON.readTree(schema));
  }

  @Test
  void looksUpVersionsByNumberLatestAndText() throws Exception {
    registry.register("s", record("r"));
    registry.register("s", record("r", "x"));

    JsonNode first = registry.get("/subjects/s/versions/1").body();
    assertThat(first.path("subject").textValue()).isEqualTo("s");
    assertThat(first.path("version").intValue()).isEqualTo(1);
    assertThat(first.path("id").intValue()).isEqualTo(1);
    JsonNode latest = registry.get("/subjects/s/versions/latest").body();
    assertThat(latest.path("version").intValue()).isEqualTo(2);
    assertThat(registry.get("/subjects/s/versions/-1").body()).isEqualTo(latest);
    assertThat(registry.post("/subjects/s", request(record("r", "x"))).body()).isEqualTo(latest);

    fails(registry.post("/subjects/s", request(record("other"))), 404, 40403);
    fails(registry.post("/subjects/t", request(record("r"))), 404, 40401);
    fails(registry.get("/subjects/t/versions"), 404, 40401);
    fails(registry.get("/subjects/t/versions/1"), 404, 40401);
    fails(registry.get("/subjects/s/versions/3"), 404, 40402);
    fails(registry.get("/schemas/ids/77"), 404, 40403);
    for (String version : new String[] {"0", "abc", "-2", "1.5", "99999999999", "LATEST"}) {
      fails(registry.get("/subjects/s/versions/" + version), 422, 42202);
    }
    fails(registry.get("/nothing"), 404, 404);
    fails(registry.get("/schemas/ids/abc"), 404, 404);
    fails(registry.put("/subjects/s/versions", "{}"), 405, 405);
  }

  @Test
  void refusesWhatIsNoSchema() throws Exception {
    for (String schema :
        new String[] {
          "",
          "nonsense",
          "{",
          "{}",
          "[",
          "null",
          "7",
          "{\"type\":\"nope\"}",
          "\"nope\"",
          "{\"type\":\"record\",\"name\":\"r\"}",
          "{\"type\":\"record\",\"name\":\"1r\",\"fields\":[]}",
          "{\"type\":\"enum\",\"name\":\"e\",\"symbols\":3}",
          "{\"type\":\"array\"}",
          "{\"type\":\"fixed\",\"name\":\"f\",\"size\":-1}",
          "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"f\",\"type\":\"int\","
              + "\"default\":\"x\"}]}"
        }) {
      assertThat(registry.register("s", schema)).as(schema).satisfies(r -> fails(r, 422, 42201));
    }
    for (String body :
        new String[] {"", "{", "[]", "null", "{}", "{\"schema\":7}", "{\"schema\":{}}"}) {
      assertThat(registry.post("/subjects/s/versions", body))
          .as(body)
          .satisfies(r -> fails(r, 422, 42201));
    }
    fails(registry.post("/subjects/s/versions", request("XML", "x")), 422, 42201);
    fails(registry.register(" ", "\"int\""), 422, 42208);
    answers(registry.get("/subjects"), "[]");
  }

  @Test
  void refusesAnIncompatibleSchemaAndSaysWhere() throws Exception {
    registry.register("s", record("r", "x"));
    String required =
        "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"new\",\"type\":\"int\"}]}";

    Reply refused = registry.register("s", required);

    fails(refused, 409, 409);
    assertThat(refused.body().path("message").textValue()).contains("BACKWARD", "new");
    answers(
        registry.post("/compatibility/subjects/s/versions/latest", request(required)),
        "{\"is_compatible\":false}");
    Reply verbose =
        registry.post("/compatibility/subjects/s/versions?verbose=true", request(required));
    assertThat(verbose.body().path("messages").toString()).contains("version 1", "new");
    answers(
        registry.post("/compatibility/subjects/s/versions/1", request(record("r", "x", "y"))),
        "{\"is_compatible\":true}");
    answers(
        registry.post("/compatibility/subjects/t/versions/latest", request(required)),
        "{\"is_compatible\":true}");
    fails(registry.post("/compatibility/subjects/t/versions/1", request(required)), 404, 40401);
    fails(registry.post("/compatibility/subjects/s/versions/9", request(required)), 404, 40402);
    fails(registry.post("/compatibility/subjects/s/versions/x", request(required)), 422, 42202);

    registry.put("/config/s", "{\"compatibility\":\"none\"}");
    assertThat(registry.register("s", required).status()).isEqualTo(200);
  }

  @Test
  void keepsCompatibilityLevelsBySubject() throws Exception {
    answers(registry.get("/config"), "{\"compatibilityLevel\":\"BACKWARD\"}");
    fails(registry.get("/config/s"), 404, 40408);
    answers(
        registry.get("/config/s?defaultToGlobal=true"), "{\"compatibilityLevel\":\"BACKWARD\"}");
    answers(
        registry.put("/config/s", "{\"compatibility\":\"FULL_TRANSITIVE\"}"),
        "{\"compatibility\":\"FULL_TRANSITIVE\"}");
    answers(
        registry.put("/config", "{\"compatibility\":\"NONE\"}"), "{\"compatibility\":\"NONE\"}");
    answers(registry.get("/config"), "{\"compatibilityLevel\":\"NONE\"}");
    answers(registry.get("/config/s"), "{\"compatibilityLevel\":\"FULL_TRANSITIVE\"}");
    answers(registry.delete("/config/s"), "{\"compatibilityLevel\":\"FULL_TRANSITIVE\"}");
    fails(registry.get("/config/s"), 404, 40408);
    fails(registry.delete("/config/s"), 404, 40408);
    answers(registry.delete("/config"), "{\"compatibilityLevel\":\"NONE\"}");
    answers(registry.get("/config"), "{\"compatibilityLevel\":\"BACKWARD\"}");
    fails(registry.put("/config", "{\"compatibility\":\"SOME\"}"), 422, 42203);
    fails(registry.put("/config", "nonsense"), 422, 42203);
  }

  @Test
  void takesNoSchemasInReadOnlyMode() throws Exception {
    registry.register("s", record("r"));
    answers(registry.get("/mode"), "{\"mode\":\"READWRITE\"}");
    answers(registry.put("/mode/s", "{\"mode\":\"READONLY\"}"), "{\"mode\":\"READONLY\"}");

    fails(registry.register("s", record("r", "x")), 422, 42205);
    fails(registry.delete("/subjects/s"), 422, 42205);
    assertThat(registry.register("t", record("r")).status()).isEqualTo(200);
    answers(registry.delete("/mode/s"), "{\"mode\":\"READONLY\"}");
    assertThat(registry.register("s", record("r", "x")).status()).isEqualTo(200);
    fails(registry.get("/mode/s"), 404, 40409);
    fails(registry.put("/mode", "{\"mode\":\"IMPORT\"}"), 422, 42204);
  }

  @Test
  void deletesSoftlyFirstAndThenForGood() throws Exception {
    registry.register("s", record("r"));
    registry.register("s", record("r", "x"));
    registry.put("/config/s", "{\"compatibility\":\"NONE\"}");

    fails(registry.delete("/subjects/s/versions/1?permanent=true"), 404, 40407);
    answers(registry.delete("/subjects/s/versions/1"), "1");
    fails(registry.delete("/subjects/s/versions/1"), 404, 40406);
    answers(registry.get("/subjects/s/versions"), "[2]");
    answers(registry.get("/subjects/s/versions?deleted=true"), "[1,2]");
    fails(registry.get("/subjects/s/versions/1"), 404, 40402);
    assertThat(registry.get("/schemas/ids/1").status()).isEqualTo(200);

    fails(registry.delete("/subjects/s?permanent=true"), 404, 40405);
    answers(registry.delete("/subjects/s"), "[2]");
    fails(registry.delete("/subjects/s"), 404, 40404);
    fails(registry.get("/config/s"), 404, 40408);
    answers(registry.get("/subjects"), "[]");
    answers(registry.get("/subjects?deleted=true"), "[\"s\"]");
    answers(registry.get("/subjects?deletedOnly=true"), "[\"s\"]");

    assertThat(registry.register("s", record("r")).body().path("id").intValue()).isEqualTo(1);
    answers(registry.get("/subjects/s/versions"), "[3]");

    registry.delete("/subjects/s");
    answers(registry.delete("/subjects/s?permanent=true"), "[1,2,3]");
    fails(registry.delete("/subjects/s?permanent=true"), 404, 40401);
    fails(registry.get("/schemas/ids/2"), 404, 40403);
    answers(registry.get("/subjects?deleted=true"), "[]");
  }

  @Test
  void neverUsesAnIdTwice() throws Exception {
    registry.register("s", record("r"));
    registry.delete("/subjects/s");
    registry.delete("/subjects/s?permanent=true");

    answers(registry.register("s", record("other")), "{\"id\":2}");
    answers(registry.get("/subjects/s/versions"), "[1]");
  }

  @Test
  void resolvesReferencesBetweenAvroSchemas() throws Exception {
    registry.register("part", record("Part", "x"));
    String whole =
        "{\"type\":\"record\",\"name\":\"Whole\",\"fields\":"
            + "[{\"name\":\"part\",\"type\":\"Part\"}]}";
    fails(registry.register("whole", whole), 422, 42201);
    String body =
        JSON.createObjectNode()
            .put("schema", whole)
            .set(
                "references",
                JSON.readTree("[{\"name\":\"Part\",\"subject\":\"part\",\"version\":1}]"))
            .toString();

    answers(registry.post("/subjects/whole/versions", body), "{\"id\":2}");

    JsonNode stored = registry.get("/schemas/ids/2").body();
    assertThat(JSON.readTree(stored.path("schema").textValue())).isEqualTo(JSON.readTree(whole));
    assertThat(stored.path("references").toString())
        .isEqualTo("[{\"name\":\"Part\",\"subject\":\"part\",\"version\":1}]");
    answers(registry.get("/subjects/part/versions/1/referencedby"), "[2]");
    fails(registry.delete("/subjects/part"), 422, 42206);
    fails(registry.delete("/subjects/part/versions/1"), 422, 42206);
    answers(registry.post("/subjects/whole/versions", body), "{\"id\":2}");
    fails(
        registry.post("/subjects/whole/versions", body.replace("\"version\":1", "\"version\":9")),
        422,
        42201);
  }

  @Test
  void laysOutAndComparesJsonAndProtobufSchemas() throws Exception {
    String proto = "syntax = \"proto3\"; message M { int32 a = 1; }";
    String laidOut = "syntax = \"proto3\";\nmessage M {\n  int32 a = 1;\n}\n";
    String object = "{\"type\": \"object\"}";
    answers(registry.post("/subjects/j/versions", request("JSON", object)), "{\"id\":1}");
    answers(registry.post("/subjects/p/versions", request("PROTOBUF", proto)), "{\"id\":2}");
    answers(registry.post("/subjects/p/versions", request("PROTOBUF", laidOut)), "{\"id\":2}");

    JsonNode stored = registry.get("/schemas/ids/2").body();
    assertThat(stored.path("schemaType").textValue()).isEqualTo("PROTOBUF");
    assertThat(stored.path("schema").textValue()).isEqualTo(laidOut);
    assertThat(registry.get("/schemas/ids/2/schema").body().textValue()).isEqualTo(laidOut);
    for (String path : List.of("/schemas/ids/2", "/subjects/p/versions/1")) {
      String descriptor = registry.get(path + "?format=serialized").body().path("schema").asText();
      FileDescriptorProto file =
          FileDescriptorProto.parseFrom(Base64.getDecoder().decode(descriptor));
      assertThat(file.getMessageType(0).getField(0).getName()).isEqualTo("a");
    }
    fails(registry.post("/subjects/j/versions", request("JSON", "{")), 422, 42201);
    fails(registry.post("/subjects/p/versions", request("PROTOBUF", "message M {")), 422, 42201);
    fails(
        registry.post("/subjects/j/versions", request("JSON", "{\"type\":\"string\"}")), 409, 409);
    fails(
        registry.post(
            "/subjects/p/versions", request("PROTOBUF", proto.replace("int32", "string"))),
        409,
        409);
    fails(registry.register("p", "\"int\""), 409, 409);
  }

  @Test
  void understandsTheThreeMediaTypes() throws Exception {
    for (String type :
        new String[] {
          "application/vnd.schemaregistry.v1+json; charset=utf-8",
          "application/vnd.schemaregistry+json",
          "Application/JSON"
        }) {
      assertThat(RegistryFixture.send(registration(type)).status()).as(type).isEqualTo(200);
    }
    assertThat(RegistryFixture.send(registration("text/plain")).status()).isEqualTo(415);
  }

  private HttpRequest registration(String contentType) {
    return HttpRequest.newBuilder(URI.create(registry.url() + "/subjects/s/versions"))
        .header("Content-Type", contentType)
        .POST(HttpRequest.BodyPublishers.ofString(request(record("r"))))
        .build();
  }

  private static void answers(Reply reply, String body) {
    assertThat(reply.body().toString()).isEqualTo(body);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.contentType()).isEqualTo("application/vnd.schemaregistry.v1+json");
  }

  private static void fails(Reply reply, int status, int code) {
    assertThat(reply.body().path("message").isTextual()).isTrue();
    assertThat(reply.code()).as(reply.body().toString()).isEqualTo(code);
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.contentType()).isEqualTo("application/vnd.schemaregistry.v1+json");
  }
}
