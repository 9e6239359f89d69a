package io.bottledwater.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

class PostgresConfigTest {
  @TempDir Path home;

  @Test
  void usesLibpqsDefaultsForWhatNothingNames() throws OptionValueException {
    PostgresConfig config = parse("postgres://", Map.of());

    assertThat(config.hosts()).containsExactly(new HostPort("localhost", 5432));
    assertThat(config.user()).isEqualTo("osuser");
    assertThat(config.database()).isEqualTo("osuser");
    assertThat(config.password()).isEmpty();
    assertThat(config.jdbcProperties())
        .containsEntry("sslmode", "prefer")
        .containsEntry("ApplicationName", "bottledwater")
        .containsEntry("targetServerType", "any")
        .containsEntry("tcpKeepAlive", "true")
        .containsEntry("socketTimeout", "0");
  }

  @Test
  void fillsWhatIsMissingFromTheEnvironment() throws OptionValueException {
    Map<String, String> environment =
        Map.of(
            "PGHOST",
            "envhost",
            "PGPORT",
            "6000",
            "PGDATABASE",
            "envdb",
            "PGUSER",
            "envuser",
            "PGPASSWORD",
            "envpw",
            "PGSSLMODE",
            "disable",
            "PGAPPNAME",
            "envapp",
            "PGCONNECT_TIMEOUT",
            "7");

    PostgresConfig all = parse("postgres://", environment);
    PostgresConfig some = parse("postgres://me:pw@h/shop", environment);

    assertThat(all.describe()).isEqualTo("envhost:6000/envdb");
    assertThat(all.user()).isEqualTo("envuser");
    assertThat(all.password()).contains("envpw");
    assertThat(all.jdbcProperties())
        .containsEntry("sslmode", "disable")
        .containsEntry("ApplicationName", "envapp")
        .containsEntry("connectTimeout", "7");
    assertThat(some.describe()).isEqualTo("h:6000/shop");
    assertThat(some.user()).isEqualTo("me");
    assertThat(some.password()).contains("pw");
  }

  @Test
  void namesTheVariableWhoseValueIsBad() {
    assertThat(refusal("postgres://h/d", Map.of("PGPORT", "abc")).why())
        .isEqualTo("port 'abc' is not a number from 1 to 65535 (from PGPORT)");
    assertThat(refusal("postgres://h/d", Map.of("PGSSLMODE", "requir")).getMessage())
        .contains("(from PGSSLMODE)")
        .contains("Did you mean require?");
  }

  @Test
  void readsThePasswordFile() throws OptionValueException, IOException {
    Path file = home.resolve(".pgpass");
    Files.writeString(file, "h:5432:shop:me:frompgpass\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

    assertThat(parse("postgres://me@h/shop", Map.of()).password()).contains("frompgpass");
    assertThat(parse("postgres://me@h/other", Map.of()).password()).isEmpty();
    assertThat(parse("postgres://me:pw@h/shop", Map.of()).password()).contains("pw");
    assertThat(
            parse("postgres://me@h/shop", Map.of("PGPASSFILE", home.resolve("x").toString()))
                .password())
        .isEmpty();
  }

  @Test
  void refusesAPasswordFileThatDiffersBetweenHosts() throws IOException {
    Path file = home.resolve(".pgpass");
    Files.writeString(file, "a:*:*:*:geheim1\nb:*:*:*:geheim2\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

    assertThat(refusal("postgres://me@a,b/shop", Map.of()).getMessage())
        .contains("same password for every host")
        .doesNotContain("geheim");
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "0", "70000", "-1", "99999", "١"})
  void refusesPortsThatAreNone(String port) {
    assertThat(refusal("postgres://u:geheim@h:" + port + "/d", Map.of()).getMessage())
        .contains("port '" + port + "'")
        .doesNotContain("geheim");
    assertThat(refusal("host=h port=" + port, Map.of()).why()).contains("port '" + port + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"host=/var/run/postgresql", "postgres://%2Fvar%2Frun/d", "host=@abstract"})
  void refusesUnixSockets(String text) {
    assertThat(refusal(text, Map.of()).why()).contains("Unix socket");
  }

  @Test
  void sharesOnePortAmongHostsOrGivesEachItsOwn() throws OptionValueException {
    assertThat(parse("host=a,b port=1", Map.of()).describe()).isEqualTo("a:1,b:1/osuser");
    assertThat(parse("host=a,b port=1,", Map.of()).describe()).isEqualTo("a:1,b:5432/osuser");
    assertThat(refusal("host=a,b port=1,2,3", Map.of()).why())
        .isEqualTo("3 ports are given for 2 hosts");
  }

  @ParameterizedTest
  @CsvSource({
    "any, any",
    "read-write, primary",
    "primary, primary",
    "read-only, secondary",
    "standby, secondary",
    "prefer-standby, preferSecondary"
  })
  void translatesTargetSessionAttrs(String libpq, String driver) throws OptionValueException {
    PostgresConfig config = parse("postgres://a,b/d?target_session_attrs=" + libpq, Map.of());

    assertThat(config.jdbcProperties()).containsEntry("targetServerType", driver);
  }

  @Test
  void givesTheDriverHostsDatabaseAndUserThatItReadsBack() throws OptionValueException {
    PostgresConfig config =
        parse("postgres://m%20e:p%40w@db.example:1,[2001:db8::1]:2/my%20d%2Fb%3F%25+x", Map.of());

    Properties read = Driver.parseURL(config.jdbcUrl(), config.jdbcProperties());

    assertThat(PGProperty.PG_HOST.getOrDefault(read)).isEqualTo("db.example,[2001:db8::1]");
    assertThat(PGProperty.PG_PORT.getOrDefault(read)).isEqualTo("1,2");
    assertThat(PGProperty.PG_DBNAME.getOrDefault(read)).isEqualTo("my d/b?%+x");
    assertThat(PGProperty.USER.getOrDefault(read)).isEqualTo("m e");
    assertThat(PGProperty.PASSWORD.getOrDefault(read)).isEqualTo("p@w");
  }

  @Test
  void givesTheDriverOnlyPropertiesThatItKnows() throws OptionValueException, IOException {
    Path file = Files.writeString(home.resolve("cert"), "");
    PostgresConfig config =
        parse(
            "host=h sslmode=verify-full sslrootcert=%1$s sslcert=%1$s sslkey=%1$s sslpassword=x"
                    .formatted(file)
                + " application_name=a fallback_application_name=b connect_timeout=3 keepalives=0"
                + " load_balance_hosts=random channel_binding=require gssencmode=disable"
                + " sslnegotiation=direct require_auth=scram-sha-256 options='-c geqo=off' client_encoding=UTF8",
            Map.of());

    List<String> known = Arrays.stream(PGProperty.values()).map(PGProperty::getName).toList();
    assertThat(known).containsAll(config.jdbcProperties().stringPropertyNames());
    assertThat(config.jdbcProperties())
        .containsEntry("sslmode", "verify-full")
        .containsEntry("sslrootcert", file.toString())
        .containsEntry("ApplicationName", "a")
        .containsEntry("tcpKeepAlive", "false")
        .containsEntry("loadBalanceHosts", "true")
        .containsEntry("options", "-c geqo=off");
  }

  @Test
  void verifiesAgainstARootCertificateAsLibpqDoes() throws OptionValueException, IOException {
    Path file = Files.writeString(home.resolve("root.crt"), "");

    assertThat(parse("host=h sslmode=require sslrootcert=" + file, Map.of()).jdbcProperties())
        .containsEntry("sslmode", "verify-ca");
    assertThat(parse("host=h sslmode=require", Map.of()).jdbcProperties())
        .containsEntry("sslmode", "require");
    assertThat(parse("host=h sslrootcert=system", Map.of()).jdbcProperties())
        .containsEntry("sslmode", "verify-full")
        .doesNotContainKey("sslrootcert");
    assertThat(refusal("host=h sslmode=require sslrootcert=system", Map.of()).why())
        .contains("too weak");
  }

  @Test
  void findsTheRootCertificateWhereLibpqLooksForIt() throws OptionValueException, IOException {
    assertThat(refusal("host=h sslmode=verify-full", Map.of()).why())
        .contains("needs a root certificate");

    Path file = Files.createDirectory(home.resolve(".postgresql")).resolve("root.crt");
    Files.writeString(file, "");

    assertThat(parse("host=h sslmode=verify-full", Map.of()).jdbcProperties())
        .containsEntry("sslmode", "verify-full")
        .containsEntry("sslrootcert", file.toString());
    assertThat(parse("host=h sslmode=require", Map.of()).jdbcProperties())
        .containsEntry("sslmode", "verify-ca");
    assertThat(parse("host=h", Map.of()).jdbcProperties()).doesNotContainKey("sslrootcert");
  }

  @Test
  void refusesCertificateFilesThatAreMissing() {
    assertThat(refusal("host=h sslrootcert=/nowhere/root.crt", Map.of()).why())
        .isEqualTo("sslrootcert '/nowhere/root.crt' is not a file that can be read");
    assertThat(refusal("host=h", Map.of("PGSSLKEY", "/nowhere/key")).why())
        .isEqualTo("sslkey '/nowhere/key' is not a file that can be read (from PGSSLKEY)");
  }

  @Test
  void showsNoSecretInAnyOfItsTexts() throws OptionValueException {
    PostgresConfig config =
        parse("host=h user=me dbname=d password=geheim sslpassword=geheim", Map.of());

    assertThat(
            List.of(
                config.toString(), config.describe(), config.withoutSecrets(), config.jdbcUrl()))
        .noneMatch(text -> text.contains("geheim"));
    assertThat(config.withoutSecrets()).isEqualTo("postgres://me@h:5432/d?sslmode=prefer");
  }

  @Test
  void keepsTheDriverFromReadingThePasswordFileByItself() throws OptionValueException {
    assertThat(parse("host=h", Map.of()).jdbcProperties()).containsEntry("password", "");
  }

  @Test
  void warnsOfAServiceThatItCannotRead() throws OptionValueException {
    List<String> warnings = new ArrayList<>();

    PostgresConfig.parse("host=h", Map.of("PGSERVICE", "s"), home, "osuser", warnings::add);

    assertThat(warnings).containsExactly("PGSERVICE is ignored: service files are not read.");
  }

  private PostgresConfig parse(String text, Map<String, String> environment)
      throws OptionValueException {
    return PostgresConfig.parse(text, environment, home, "osuser", warning -> {});
  }

  private OptionValueException refusal(String text, Map<String, String> environment) {
    OptionValueException refused =
        catchThrowableOfType(OptionValueException.class, () -> parse(text, environment));
    assertThat(refused).as("%s should be refused", text).isNotNull();
    return refused;
  }
}
