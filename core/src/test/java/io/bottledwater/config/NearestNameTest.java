package io.bottledwater.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
  private static final List<String> NAMES = PumpOptions.ALL.stream().map(Option::name).toList();

  @ParameterizedTest
  @CsvSource({
    "slto, slot",
    "brokers, broker",
    "schemaregistry, schema-registry",
    "on_error, on-error",
    "topic-prefx, topic-prefix",
    "postgre, postgres"
  })
  void findsWhatWasMeant(String typed, String meant) {
    assertThat(NearestName.of(typed, NAMES)).contains(meant);
  }

  @Test
  void suggestsNothingForWordsThatAreFarFromAll() {
    assertThat(NearestName.of("frobnicate", NAMES)).isEmpty();
  }

  @Test
  void countsASwapOfNeighboursAsOneStep() {
    assertThat(NearestName.distance("slto", "slot")).isEqualTo(1);
    assertThat(NearestName.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(NearestName.distance("", "abc")).isEqualTo(3);
  }
}
