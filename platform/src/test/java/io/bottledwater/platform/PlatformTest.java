package io.bottledwater.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bottledwater.config.ListenAddress;
import io.bottledwater.config.RegistryUrl;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.registry.client.HttpSchemaRegistry;
import io.bottledwater.testkit.TemporaryDirectories;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PlatformTest {
  private static final ListenAddress ANY = new ListenAddress("127.0.0.1", 0);

  private Path data;

  @BeforeEach
  void makeDirectory() {
    data = TemporaryDirectories.create("platform");
  }

  @AfterEach
  void deleteDirectory() {
    TemporaryDirectories.delete(data);
  }

  @Test
  void keepsSchemasAndLetsGoOfTheDirectoryAndTheAddresses() {
    ListenAddress kafka;
    ListenAddress registry;
    int id;
    try (Platform platform = start(ANY, Optional.of(ANY))) {
      kafka = address(platform.bootstrapServers());
      registry = address(platform.registryUrl().orElseThrow().substring("http://".length()));
      id = register(platform);
    }
    try (Platform again = start(kafka, Optional.of(registry))) {
      assertThat(again.bootstrapServers()).isEqualTo(kafka.toString());
      assertThat(register(again)).isEqualTo(id);
    }
  }

  @Test
  void runsWithoutARegistry() {
    try (Platform platform = start(ANY, Optional.empty())) {
      assertThat(platform.registryUrl()).isEmpty();
      assertThat(platform.bootstrapServers()).startsWith("127.0.0.1:");
    }
  }

  @Test
  void refusesADirectoryThatIsInUseAndStartsAfterARefusal() {
    try (Platform platform = start(ANY, Optional.empty())) {
      assertThatThrownBy(() -> start(ANY, Optional.empty()))
          .isInstanceOf(BottledWaterException.class)
          .hasMessageContaining("BW-DATA-DIRECTORY")
          .hasMessageContaining(data.toString());

      ListenAddress taken = address(platform.bootstrapServers());
      Path other = data.resolve("other");
      assertThatThrownBy(() -> start(other, taken, Optional.empty()))
          .isInstanceOf(BottledWaterException.class)
          .hasMessageContaining("BW-LISTENER")
          .hasMessageContaining(taken.toString());
      start(other, ANY, Optional.empty()).close();
    }
  }

  private Platform start(ListenAddress kafka, Optional<ListenAddress> registry) {
    return start(data, kafka, registry);
  }

  private static Platform start(
      Path directory, ListenAddress kafka, Optional<ListenAddress> registry) {
    return Platform.start(
        new PlatformSettings(directory, kafka, registry),
        fault -> {
          throw fault;
        });
  }

  private static ListenAddress address(String text) {
    int colon = text.lastIndexOf(':');
    return new ListenAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }

  private static int register(Platform platform) {
    try (HttpSchemaRegistry registry =
        new HttpSchemaRegistry(
            List.of(
                new RegistryUrl(URI.create(platform.registryUrl().orElseThrow()), null, null)))) {
      return registry.register("kept-value", "AVRO", "\"string\"");
    }
  }
}
