package io.bottledwater.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real server is the judge of what was read from connection strings. */
class RealLoginTest {
  private static final String ROLE = "config login";
  private static final String PASSWORD = "p@:/%#'\"\\ é?&=";

  private static TestDatabase database;

  @TempDir Path home;

  @BeforeAll
  static void createRole() {
    database = TestPostgres.version(17).newDatabase();
    database.execute(
        "CREATE ROLE \"%s\" LOGIN PASSWORD '%s'".formatted(ROLE, PASSWORD.replace("'", "''")));
  }

  @AfterAll
  static void dropRole() {
    database.execute("DROP ROLE \"" + ROLE + "\"");
    database.close();
  }

  @Test
  void logsInWithAPercentEncodedUri() throws Exception {
    assertLogsIn(
        "postgres://config%20login:p%40%3A%2F%25%23%27%22%5C%20%C3%A9%3F%26%3D@localhost:"
            + database.server().port()
            + "/"
            + database.name(),
        Map.of());
  }

  @Test
  void logsInWithAQuotedKeyValueList() throws Exception {
    String quoted = PASSWORD.replace("\\", "\\\\").replace("'", "\\'");
    assertLogsIn(
        "host=nowhere.invalid,localhost port=1,%d dbname=%s user='%s' password='%s'"
            .formatted(database.server().port(), database.name(), ROLE, quoted),
        Map.of());
  }

  @Test
  void logsInWithTheEnvironmentAlone() throws Exception {
    assertLogsIn(
        "postgres://",
        Map.of(
            "PGHOST",
            "localhost",
            "PGPORT",
            Integer.toString(database.server().port()),
            "PGDATABASE",
            database.name(),
            "PGUSER",
            ROLE,
            "PGPASSWORD",
            PASSWORD));
  }

  @Test
  void logsInWithThePasswordFile() throws Exception {
    Path file = home.resolve(".pgpass");
    String escaped = PASSWORD.replace("\\", "\\\\").replace(":", "\\:");
    Files.writeString(file, "localhost:*:" + database.name() + ":" + ROLE + ":" + escaped + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

    assertLogsIn("host=localhost user='" + ROLE + "'" + target(), Map.of());
  }

  @Test
  void isTurnedAwayWithoutPassword() throws Exception {
    PostgresConfig config =
        PostgresConfig.parse(
            "host=localhost user='" + ROLE + "'" + target(), Map.of(), home, "os", w -> {});

    assertThatThrownBy(
            () -> DriverManager.getConnection(config.jdbcUrl(), config.jdbcProperties()).close())
        .isInstanceOf(SQLException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a_1", "_", "0", "A", "a-b", "a b", "é", "", "a.b", "a\"b"})
  void agreesWithTheServerOnTheNamesOfSlots(String name) {
    boolean taken;
    try {
      SlotName.parse(name);
      taken = true;
    } catch (OptionValueException refused) {
      taken = false;
    }

    assertThat(serverTakesSlot(name)).isEqualTo(taken);
  }

  @Test
  void agreesWithTheServerOnTheLongestNameOfASlot() throws OptionValueException {
    assertThat(SlotName.parse("s".repeat(63))).hasSize(63);
    assertThat(serverTakesSlot("s".repeat(63))).isTrue();
  }

  private static boolean serverTakesSlot(String name) {
    // A temporary slot goes with its connection.
    String sql =
        "SELECT pg_create_physical_replication_slot('"
            + name.replace("'", "''")
            + "', false, true)";
    try (Connection connection = database.open();
        ResultSet row = connection.createStatement().executeQuery(sql)) {
      return row.next();
    } catch (SQLException refused) {
      // invalid_name: the only reason for which a name is turned away.
      assertThat(refused.getSQLState()).isEqualTo("42602");
      return false;
    }
  }

  private static String target() {
    return " port=" + database.server().port() + " dbname=" + database.name();
  }

  private void assertLogsIn(String text, Map<String, String> environment) throws Exception {
    PostgresConfig config = PostgresConfig.parse(text, environment, home, "os", warning -> {});
    try (Connection connection =
            DriverManager.getConnection(config.jdbcUrl(), config.jdbcProperties());
        ResultSet row =
            connection
                .createStatement()
                .executeQuery(
                    "SELECT current_user, current_database(), current_setting('application_name')")) {
      row.next();
      assertThat(row.getString(1)).isEqualTo(ROLE);
      assertThat(row.getString(2)).isEqualTo(database.name());
      assertThat(row.getString(3)).isEqualTo("bottledwater");
    }
  }
}
