package io.bottledwater.registry.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.registry.client.HttpSchemaRegistry;
import io.bottledwater.registry.client.RegisteredSchema;
import io.bottledwater.registry.client.RegistryUrls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Confluent's own client, serializer and deserializer against this registry. */
@Timeout(120)
class ConfluentClientTest {
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
  void itsSerializerAndDeserializerUnderstandEachOtherThroughUs() throws Exception {
    String hex = probe("serialize", registry.url() + "/", "a.b-c", "7").get(0);

    assertThat(probe("deserialize", registry.url(), "a.b-c", hex)).containsExactly("{\"id\": 7}");
    assertThat(registry.get("/subjects").body().toString()).isEqualTo("[\"a.b-c-value\"]");
    byte[] bytes = HexFormat.of().parseHex(hex);
    ByteBuffer wire = ByteBuffer.wrap(bytes);
    assertThat(wire.get()).isEqualTo((byte) 0);
    try (HttpSchemaRegistry client = new HttpSchemaRegistry(RegistryUrls.of(registry.url()))) {
      RegisteredSchema schema = client.schemaById(wire.getInt());
      assertThat(schema.type()).isEqualTo("AVRO");
      GenericRecord read =
          new GenericDatumReader<GenericRecord>(new Schema.Parser().parse(schema.text()))
              .read(null, DecoderFactory.get().binaryDecoder(bytes, 5, bytes.length - 5, null));
      assertThat(read.get("id")).isEqualTo(7);
    }
  }

  @Test
  void itsDeserializerReadsWhatOurClientRegistered() throws Exception {
    int id;
    try (HttpSchemaRegistry client = new HttpSchemaRegistry(RegistryUrls.of(registry.url()))) {
      id = client.register("t-value", "AVRO", RegistryFixture.record("r", "x"));
    }
    byte[] bytes = ByteBuffer.allocate(6).put((byte) 0).putInt(id).put((byte) 0).array();

    assertThat(probe("deserialize", registry.url(), "t", HexFormat.of().formatHex(bytes)))
        .containsExactly("{\"x\": null}");
  }

  @Test
  void itsClientManagesSubjects() throws Exception {
    assertThat(probe("manage", registry.url()))
        .containsExactly(
            "registered 1",
            "id 1",
            "subjects [a/b c-value]",
            "versions [1]",
            "version 1",
            "latest 1",
            "compatible false",
            "incompatible 409 409",
            "updated NONE",
            "level NONE",
            "second 2",
            "deleted 1",
            "deleted [2]",
            "gone 404 40401");
  }

  private static List<String> probe(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                ConfluentProbe.classPath(),
                ConfluentProbe.class.getName()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output
        .lines()
        .filter(line -> line.startsWith("result "))
        .map(line -> line.substring("result ".length()))
        .toList();
  }
}
