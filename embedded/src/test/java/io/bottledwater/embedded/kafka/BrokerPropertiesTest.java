package io.bottledwater.embedded.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerPropertiesTest {
  private static final long LARGE = 300L * 1024 * 1024;

  @Test
  void bracketsIpv6AddressesAndLetsTheCallerWin() {
    var properties =
        BrokerProperties.of(
            Path.of("log"), "::1", 9092, 9093, Map.of("auto.create.topics.enable", "false"));

    assertThat(properties)
        .containsEntry("listeners", "CLIENTS://[::1]:9092,CONTROLLER://127.0.0.1:9093")
        .containsEntry("auto.create.topics.enable", "false");
  }

  @Test
  void indexesAreSmallWhereSegmentsAre(@TempDir Path data) throws IOException {
    segment(data, 1024);
    assertThat(properties(data)).containsKeys("log.index.size.max.bytes", "log.segment.bytes");
  }

  /** Kafka does not start with an index that is larger than it may be. */
  @Test
  void segmentsOfAnotherBrokerKeepTheIndexesThatTheyMayNeed(@TempDir Path data) throws IOException {
    segment(data, LARGE);
    assertThat(properties(data))
        .doesNotContainKeys("log.index.size.max.bytes", "log.segment.bytes");
  }

  private static Properties properties(Path data) {
    return BrokerProperties.of(data, "127.0.0.1", 9092, 9093, Map.of());
  }

  private static void segment(Path data, long bytes) throws IOException {
    Path partition = Files.createDirectories(data.resolve("orders-0"));
    Path log = partition.resolve("00000000000000000000.log");
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
      file.setLength(bytes);
    }
  }
}
