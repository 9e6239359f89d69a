package io.bottledwater.registry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryUrlTest {
  @Test
  void splitsSeveralUrlsAndKeepsPathPrefixes() {
    List<RegistryUrl> urls =
        RegistryUrl.parseAll("http://one:8081/, https://two/registry//,http://[::1]:8081");

    assertThat(urls)
        .extracting(url -> url.resolve("/subjects").toString())
        .containsExactly(
            "http://one:8081/subjects",
            "https://two/registry/subjects",
            "http://[::1]:8081/subjects");
    assertThat(urls)
        .extracting(RegistryUrl::hostPort)
        .containsExactly("one:8081", "two:443", "[::1]:8081");
  }

  @ParameterizedTest
  @ValueSource(strings = {"p@ss:w/or#d%'\"?,", "%", "%zz", "plain", "ü"})
  void takesAnyPasswordAsItStands(String password) {
    RegistryUrl url = RegistryUrl.parseAll("https://user:" + password + "@host:1/x").get(0);

    assertThat(credentials(url)).isEqualTo("user:" + password);
    assertThat(url.resolve("/s").toString()).isEqualTo("https://host:1/x/s");
    assertThat(url.toString()).isEqualTo("host:1");
  }

  @Test
  void decodesAPercentEncodedPassword() {
    RegistryUrl url = RegistryUrl.parseAll("http://user:p%40ss%25+%C3%BC@host").get(0);

    assertThat(credentials(url)).isEqualTo("user:p@ss%+ü");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "u:hunter2@host:8081",
        "ftp://u:hunter2@host",
        "http://u:hunter2@",
        "http://u:hunter2@host:abc",
        "http://u:hunter2@host:70000",
        "http://u:hunter2@host:0",
        "http://u:hunter2@under_score:8081",
        "http://u:hunter2@host name",
        "http://u:hunter2@host?x=1",
        "http://one,u:hunter2@two",
        "http://fine:1,https://u:hunter2@host:abc"
      })
  void refusesWhatIsNoUrlWithoutQuotingIt(String urls) {
    assertThatThrownBy(() -> RegistryUrl.parseAll(urls))
        .isInstanceOfSatisfying(
            BottledWaterException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.USAGE);
              assertThat(e.getMessage()).contains("--schema-registry").doesNotContain("hunter2");
              assertThat(e.getCause()).isNull();
            });
  }

  private static String credentials(RegistryUrl url) {
    String header = url.authorization();
    assertThat(header).startsWith("Basic ");
    return new String(
        Base64.getDecoder().decode(header.substring("Basic ".length())), StandardCharsets.UTF_8);
  }
}
