package io.bottledwater.config;

import static io.bottledwater.config.ConnectionParameter.APPLICATION_NAME;
import static io.bottledwater.config.ConnectionParameter.DBNAME;
import static io.bottledwater.config.ConnectionParameter.HOST;
import static io.bottledwater.config.ConnectionParameter.PASSWORD;
import static io.bottledwater.config.ConnectionParameter.PORT;
import static io.bottledwater.config.ConnectionParameter.SSLMODE;
import static io.bottledwater.config.ConnectionParameter.USER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionStringTest {
  private static final String ALPHABET = "ab '\\=@:/%#\"?&,[]*é🥞\t\n$";

  @ParameterizedTest
  @ValueSource(strings = {"postgres", "postgresql"})
  void readsEveryPartOfAUri(String scheme) throws OptionValueException {
    assertThat(ConnectionString.parse(scheme + "://me:pw@db.example:5433/shop?sslmode=require"))
        .isEqualTo(
            Map.of(
                USER,
                "me",
                PASSWORD,
                "pw",
                HOST,
                "db.example",
                PORT,
                "5433",
                DBNAME,
                "shop",
                SSLMODE,
                "require"));
  }

  @Test
  void readsUrisWithMissingParts() throws OptionValueException {
    assertThat(ConnectionString.parse("postgres://")).isEmpty();
    assertThat(ConnectionString.parse("postgres:///shop")).isEqualTo(Map.of(DBNAME, "shop"));
    assertThat(ConnectionString.parse("postgres://h")).isEqualTo(Map.of(HOST, "h"));
    assertThat(ConnectionString.parse("postgres://me@")).isEqualTo(Map.of(USER, "me"));
    assertThat(ConnectionString.parse("postgres://h?application_name=a@b"))
        .isEqualTo(Map.of(HOST, "h", APPLICATION_NAME, "a@b"));
    assertThat(ConnectionString.parse("postgres://h:1/d?application_name=a@b"))
        .isEqualTo(Map.of(HOST, "h", PORT, "1", DBNAME, "d", APPLICATION_NAME, "a@b"));
  }

  @Test
  void readsSeveralHostsAndIpV6() throws OptionValueException {
    assertThat(ConnectionString.parse("postgres://a:1,[::1]:2,c/d"))
        .isEqualTo(Map.of(HOST, "a,::1,c", PORT, "1,2,", DBNAME, "d"));
  }

  @Test
  void readsPasswordsThatWerePercentEncoded() throws OptionValueException {
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      String password = randomText(random);
      String encoded = URLEncoder.encode(password, StandardCharsets.UTF_8).replace("+", "%20");
      assertThat(ConnectionString.parse("postgres://u:" + encoded + "@h:1/d"))
          .isEqualTo(Map.of(USER, "u", PASSWORD, password, HOST, "h", PORT, "1", DBNAME, "d"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {"a@b", "a:b", "a/b", "12/b", "a%b", "100%", "a#b", "a'b", "a\"b", "a?b", "@:/%#'\""})
  void readsPasswordsThatWerePastedRaw(String password) throws OptionValueException {
    assertThat(ConnectionString.parse("postgres://u:" + password + "@h:1/d"))
        .isEqualTo(Map.of(USER, "u", PASSWORD, password, HOST, "h", PORT, "1", DBNAME, "d"));
  }

  @Test
  void readsKeyValuePairsHoweverTheyAreSpaced() throws OptionValueException {
    assertThat(
            ConnectionString.parse(
                "  host = h\tport=1\n user='' password='a b\\'c\\\\d' dbname=a\\ b"))
        .isEqualTo(Map.of(HOST, "h", PORT, "1", PASSWORD, "a b'c\\d", DBNAME, "a b"));
  }

  @Test
  void readsBackEveryValueThatWasQuotedByLibpqsRules() throws OptionValueException {
    Random random = new Random(2);
    for (int i = 0; i < 500; i++) {
      String password = randomText(random);
      String database = randomText(random);
      String text =
          "password='"
              + password.replace("\\", "\\\\").replace("'", "\\'")
              + "' dbname="
              + database.replaceAll("([\\\\'\\s])", "\\\\$1");
      assertThat(ConnectionString.parse(text))
          .isEqualTo(Map.of(PASSWORD, password, DBNAME, database));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host=h password=geheim zwei",
        "password='geheim",
        "password=geheim geheim=2",
        "password='x'geheim=2",
        "postgres://u:12?geheim=x@h/d",
        "postgres://u:12/geheim?x=@h/d",
        "postgres://u:geheim@h:abc/d",
        "postgres://u:geheim",
        "postgres://u:geheim@h/d?geheim",
        "postgres://u:geheim@a:1:2/d",
        "postgres://u:geheim@[::1/d",
        "postgres://u:geheim@h:/d",
        "postgres://u:geheim@h/d?password=geheim",
        "mysql://u:geheim@h/d",
        "jdbc:postgresql://h/d?password=geheim",
        "password=geheim password=geheim",
        "postgres://u:geheim%ff@h/d",
        "geheim",
      })
  void refusesBrokenTextWithoutShowingIt(String text) {
    OptionValueException refused =
        catchThrowableOfType(
            OptionValueException.class,
            () -> PostgresConfig.parse(text, Map.of(), Path.of("/nowhere"), "os", warning -> {}));

    assertThat(refused).isNotNull();
    assertThat(refused.getMessage()).doesNotContain("geheim");
  }

  @ParameterizedTest
  @CsvSource({
    "sslmod, sslmode",
    "usr, user",
    "aplication_name, application_name",
    "conect_timeout, connect_timeout"
  })
  void namesTheNearestParameter(String mistyped, String meant) {
    OptionValueException refused =
        catchThrowableOfType(
            OptionValueException.class,
            () -> ConnectionString.parse("postgres://h/d?" + mistyped + "=1"));

    assertThat(refused.why()).contains("'" + mistyped + "'");
    assertThat(refused.advice()).isEqualTo("Did you mean " + meant + "?");
  }

  @Test
  void refusesTheDriversOwnParameters() {
    for (String name :
        List.of("socketFactory", "loggerFile", "sslfactory", "authenticationPluginClassName")) {
      OptionValueException refused =
          catchThrowableOfType(
              OptionValueException.class,
              () -> ConnectionString.parse("postgres://h/d?" + name + "=com.example.Evil"));
      assertThat(refused.why()).isEqualTo("connection parameter '" + name + "' is unknown");
    }
  }

  private static String randomText(Random random) {
    int[] points = ALPHABET.codePoints().toArray();
    StringBuilder text = new StringBuilder("x");
    for (int i = random.nextInt(12); i > 0; i--) {
      text.appendCodePoint(points[random.nextInt(points.length)]);
    }
    return text.toString();
  }
}
