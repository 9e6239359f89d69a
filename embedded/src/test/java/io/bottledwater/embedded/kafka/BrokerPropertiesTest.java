package io.bottledwater.embedded.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BrokerPropertiesTest {
  @Test
  void bracketsIpv6AddressesAndLetsTheCallerWin() {
    var properties =
        BrokerProperties.of(
            Path.of("log"), "::1", 9092, 9093, Map.of("auto.create.topics.enable", "false"));

    assertThat(properties)
        .containsEntry("listeners", "CLIENTS://[::1]:9092,CONTROLLER://127.0.0.1:9093")
        .containsEntry("auto.create.topics.enable", "false");
  }
}
