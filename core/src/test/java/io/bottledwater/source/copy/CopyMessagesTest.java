package io.bottledwater.source.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CopyMessagesTest {
  // Some rows larger than any buffer, and a notice before every tenth.
  private static final String ROWS =
      "COPY (SELECT noisy(i), repeat(chr(97 + i % 26), CASE WHEN i % 50 = 0 THEN 150000 ELSE i END)"
          + " FROM generate_series(1, 300) i) TO STDOUT (FORMAT binary)";

  private static TestDatabase database;

  @BeforeAll
  static void create() throws Exception {
    database = TestPostgres.version(17).newDatabase();
    database.execute(
        "CREATE FUNCTION noisy(i int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN"
            + " IF i % 10 = 0 THEN RAISE NOTICE 'at %', i; END IF; RETURN i; END $$");
  }

  @AfterAll
  static void drop() {
    database.close();
  }

  @Test
  void readsWhatTheDriverReads() throws Exception {
    List<String> expected = new ArrayList<>();
    try (Connection connection = database.open()) {
      CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(ROWS);
      for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
        expected.add(summary(row, 0, row.length));
      }
    }
    try (Connection connection = database.open()) {
      // Twice, for the second finds the first one's input.
      for (int run = 0; run < 2; run++) {
        List<String> found = new ArrayList<>();
        int inPlace = 0;
        try (CopyMessages copy = CopyMessages.copy(connection, ROWS)) {
          while (copy.next()) {
            found.add(summary(copy.buffer(), copy.offset(), copy.length()));
            inPlace += copy.isDetached() ? 0 : 1;
          }
          assertThat(copy.isEnded()).isTrue();
          assertThat(copy.next()).isFalse();
        }
        assertThat(found).isEqualTo(expected).hasSize(301);
        assertThat(inPlace).isGreaterThan(200);
        assertThat(one(connection)).isEqualTo(1);
      }
    }
  }

  @Test
  void pollingFindsTheSame() throws Exception {
    try (Connection connection = database.open();
        CopyMessages copy =
            CopyMessages.copy(connection, ROWS.replace("noisy(i)", "noisy(i), pg_sleep(0.01)"))) {
      int messages = 0;
      int nothing = 0;
      while (!copy.isEnded()) {
        if (copy.poll(messages % 2)) {
          messages++;
        } else {
          nothing++;
        }
      }
      assertThat(messages).isEqualTo(301);
      assertThat(nothing).isPositive();
    }
  }

  @Test
  void theServersErrorIsTheDriversAndTheConnectionGoesOn() throws Exception {
    try (Connection connection = database.open()) {
      assertThatThrownBy(
              () -> {
                try (CopyMessages copy =
                    CopyMessages.copy(
                        connection,
                        "COPY (SELECT 1 / (500 - i), repeat('x', 1000)"
                            + " FROM generate_series(1, 1000) i) TO STDOUT")) {
                  while (copy.next()) {
                    assertThat(copy.length()).isPositive();
                  }
                }
              })
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22012"));

      assertThat(one(connection)).isEqualTo(1);
    }
  }

  @Test
  void closingInTheMiddleLeavesTheConnectionUsable() throws Exception {
    try (Connection connection = database.open()) {
      try (CopyMessages copy =
          CopyMessages.copy(
              connection,
              "COPY (SELECT repeat('x', 100000) FROM generate_series(1, 10000)) TO STDOUT")) {
        assertThat(copy.next()).isTrue();
      }
      assertThat(one(connection)).isEqualTo(1);
    }
  }

  @Test
  void aConnectionThatEndsIsAFailure() throws Exception {
    try (Connection connection = database.open();
        CopyMessages copy =
            CopyMessages.copy(
                connection,
                "COPY (SELECT repeat('x', 100000), pg_sleep(CASE i WHEN 2 THEN 600 ELSE 0 END)"
                    + " FROM generate_series(1, 3) i) TO STDOUT")) {
      Thread terminator =
          new Thread(
              () ->
                  database.query(
                      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity, pg_sleep(0.2)"
                          + " WHERE query LIKE 'COPY (SELECT repeat%pg_sleep(CASE%' AND state = 'active'"));
      terminator.start();
      assertThatThrownBy(
              () -> {
                while (copy.next()) {
                  assertThat(copy.length()).isPositive();
                }
              })
          .isInstanceOf(SQLException.class);
      terminator.join();
      assertThat(connection.isClosed() || !connection.isValid(1)).isTrue();
    } catch (SQLException e) {
      // Closing what is gone may fail.
      assertThat(e.getSQLState()).isNotEqualTo("22012");
    }
  }

  private static String summary(byte[] buffer, int offset, int length) {
    return length + ":" + Arrays.hashCode(Arrays.copyOfRange(buffer, offset, offset + length));
  }

  private static int one(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet r = statement.executeQuery("SELECT 1")) {
      r.next();
      return r.getInt(1);
    }
  }
}
