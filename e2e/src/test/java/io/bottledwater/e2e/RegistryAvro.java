package io.bottledwater.e2e;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.bottledwater.registry.server.SchemaRegistryServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;

/**
 * Avro's own reader with the schema that each record was written with, which it gets from a
 * registry over plain HTTP: none of the pump's code takes part.
 */
final class RegistryAvro {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();
  private final String url;

  RegistryAvro(SchemaRegistryServer registry) {
    this.url = "http://127.0.0.1:" + registry.address().getPort();
  }

  String url() {
    return url;
  }

  /** Makes every subject take every schema. */
  void acceptAll() throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(url + "/config"))
                .PUT(HttpRequest.BodyPublishers.ofString("{\"compatibility\":\"NONE\"}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new AssertionError(answer.body());
    }
  }

  /** Null for null. */
  GenericRecord read(byte[] bytes) throws Exception {
    if (bytes == null) {
      return null;
    }
    ByteBuffer wire = ByteBuffer.wrap(bytes);
    if (wire.get() != 0) {
      throw new AssertionError("not in the registry's wire format");
    }
    return new GenericDatumReader<GenericRecord>(schema(wire.getInt()))
        .read(null, DecoderFactory.get().binaryDecoder(bytes, 5, bytes.length - 5, null));
  }

  private Schema schema(int id) throws Exception {
    Schema known = schemas.get(id);
    if (known == null) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(URI.create(url + "/schemas/ids/" + id)).build(),
              HttpResponse.BodyHandlers.ofString());
      known = new Schema.Parser().parse(JSON.readTree(answer.body()).get("schema").asText());
      schemas.put(id, known);
    }
    return known;
  }
}
