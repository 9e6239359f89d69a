package io.bottledwater.source.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.source.catalog.PostgresConnector;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Whoever waits for a slot can be told to stop, whatever happens to the sessions beside it. */
class SlotCreatorTest {
  @Test
  void isToldToStopThoughItsOtherSessionHasEnded() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase();
        Connection busy = database.open();
        Statement statement = busy.createStatement()) {
      statement.execute("BEGIN");
      statement.execute("SELECT txid_current()");
      AtomicBoolean ended = new AtomicBoolean();

      BottledWaterException stopped =
          catchThrowableOfType(
              BottledWaterException.class,
              () ->
                  SlotCreator.create(
                      connector(database, database.server().user()),
                      database.name(),
                      List.of(1),
                      () -> {
                        // The one that looks for deadlocks; then the next look, and then the stop.
                        if (!ended.getAndSet(true)) {
                          database.execute(
                              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                  + " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                                  + " AND backend_type = 'client backend'"
                                  + " AND backend_xid IS NULL");
                          return false;
                        }
                        return !database
                            .query(
                                "SELECT now() - xact_start > interval '2 s' FROM pg_stat_activity"
                                    + " WHERE backend_xid IS NOT NULL"
                                    + " AND datname = current_database()")
                            .contains("f");
                      }));

      assertThat(stopped.code()).isEqualTo(ErrorCode.POSTGRES_UNREACHABLE);
    }
  }

  @Test
  void doesNotBeginWithoutASessionToLookForDeadlocksWith() {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      // WAL senders do not count, at least not on all minor versions.
      String role = database.name() + "_r";
      database.execute(
          "CREATE ROLE "
              + role
              + " LOGIN REPLICATION CONNECTION LIMIT 0 PASSWORD '"
              + database.server().password()
              + "'");
      try {
        BottledWaterException refused =
            catchThrowableOfType(
                BottledWaterException.class,
                () ->
                    SlotCreator.create(
                        connector(database, role), database.name(), List.of(), () -> false));

        assertThat(refused.code()).isEqualTo(ErrorCode.POSTGRES_UNREACHABLE);
        assertThat(
                database.query(
                    "SELECT slot_name FROM pg_replication_slots WHERE slot_name = '"
                        + database.name()
                        + "'"))
            .isEmpty();
      } finally {
        database.execute("DROP ROLE " + role);
      }
    }
  }

  private static PostgresConnector connector(TestDatabase database, String user) {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", database.server().password());
    return new PostgresConnector(
        database.server().jdbcUrl(database.name()), properties, database.name());
  }
}
