package io.bottledwater.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses of brokers and registries. */
class AddressesTest {
  @Test
  void readsBrokersWithAndWithoutPort() throws OptionValueException {
    assertThat(HostPort.parseList("a, b:1,[::1]:2,[fe80::1%eth0]", 9092))
        .containsExactly(
            new HostPort("a", 9092),
            new HostPort("b", 1),
            new HostPort("::1", 2),
            new HostPort("fe80::1%eth0", 9092));
    assertThat(new HostPort("::1", 2)).hasToString("[::1]:2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a,",
        "a:abc",
        "a:0",
        "a:70000",
        "a:",
        ":9092",
        "::1:9092",
        "[::1",
        "[x]:1",
        "a b:1",
        "http://a:1",
        "u:geheim@a:1",
        "a:1,a:1",
        "[::1]9092"
      })
  void refusesBrokersThatAreNone(String text) {
    OptionValueException refused =
        catchThrowableOfType(OptionValueException.class, () -> HostPort.parseList(text, 9092));

    assertThat(refused).isNotNull();
    assertThat(refused.getMessage()).doesNotContain("geheim");
  }

  @Test
  void readsRegistriesWithUserPathAndTrailingSlash() throws OptionValueException {
    List<RegistryUrl> urls =
        RegistryUrl.parseList("https://us%40er:p,w%2F@reg.example:8443/sub/ ,http://[::1]:8081");

    assertThat(urls).hasSize(2);
    assertThat(urls.get(0).base()).hasToString("https://reg.example:8443/sub");
    assertThat(urls.get(0).user()).isEqualTo("us@er");
    assertThat(urls.get(0).password()).isEqualTo("p,w/");
    assertThat(urls.get(1).base()).hasToString("http://[::1]:8081");
    assertThat(urls.get(1).user()).isNull();
    assertThat(urls.toString()).doesNotContain("p,w");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "reg:8081",
        "ftp://u:geheim@reg",
        "file:///etc/passwd",
        "http://",
        "http://u:geheim@reg:abc",
        "http://u:geheim@reg:0/x",
        "http://u:geheim@reg/x?y=geheim",
        "http://u:geheim@reg/a b",
        "http://u:geheim@r_eg",
        "http://a,",
      })
  void refusesRegistriesThatAreNoneWithoutShowingSecrets(String text) {
    OptionValueException refused =
        catchThrowableOfType(OptionValueException.class, () -> RegistryUrl.parseList(text));

    assertThat(refused).isNotNull();
    assertThat(refused.getMessage()).doesNotContain("geheim");
  }
}
