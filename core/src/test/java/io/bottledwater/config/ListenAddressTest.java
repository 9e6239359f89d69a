package io.bottledwater.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {
  @Test
  void readsHostAndPort() throws Exception {
    assertThat(ListenAddress.parse("localhost:9092"))
        .isEqualTo(new ListenAddress("localhost", 9092));
    assertThat(ListenAddress.parse(" 127.0.0.1:0 ")).isEqualTo(new ListenAddress("127.0.0.1", 0));
  }

  @Test
  void writesBracketsAroundVersionSixAddresses() throws Exception {
    ListenAddress address = ListenAddress.parse("[::1]:8081");

    assertThat(address.host()).isEqualTo("::1");
    assertThat(address).hasToString("[::1]:8081");
  }

  @Test
  void takesOffForNone() throws Exception {
    assertThat(ListenAddress.parseOrOff("off")).isEmpty();
    assertThat(ListenAddress.parseOrOff("localhost:1")).contains(new ListenAddress("localhost", 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        ":80",
        "localhost",
        "localhost:",
        "localhost:-1",
        "localhost:65536",
        "localhost:x",
        "::1:80",
        "[::1]",
        "[::1]80",
        "http://localhost:80",
        "a b:80",
        "off:"
      })
  void refusesWhatIsNoAddress(String text) {
    assertThatThrownBy(() -> ListenAddress.parse(text)).isInstanceOf(OptionValueException.class);
  }
}
