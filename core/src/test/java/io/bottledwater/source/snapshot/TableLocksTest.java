package io.bottledwater.source.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.postgres.Relation;
import io.bottledwater.source.catalog.Catalog;
import io.bottledwater.source.catalog.PostgresConnector;
import io.bottledwater.source.catalog.TableInfo;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class TableLocksTest {
  private static final String HELD =
      "SELECT count(*) FROM pg_locks WHERE relation = 't'::regclass AND mode = 'AccessShareLock'";

  @Test
  void keepsAllItsLocksWhileTheCatalogIsRead() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute("CREATE TABLE t (id int PRIMARY KEY)");
      PostgresConnector connector = connector(database);
      try (TableLocks locks = TableLocks.acquire(connector, relations(connector), 2, () -> false)) {
        assertThat(database.query(HELD)).containsExactly("3");

        assertThat(new Catalog(locks.session()).tables().userTables()).hasSize(1);

        assertThat(database.query(HELD)).containsExactly("3");
      }
    }
  }

  @Test
  void doesNotWaitWhenOnlyTrying() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute("CREATE TABLE t (id int PRIMARY KEY)");
      PostgresConnector connector = connector(database);
      List<Relation> tables = relations(connector);
      try (Connection holder = database.open();
          Statement statement = holder.createStatement()) {
        statement.execute("BEGIN; LOCK TABLE t");
        assertThat(TableLocks.tryAcquire(connector, tables, 2)).isNull();
      }
      try (TableLocks locks = TableLocks.tryAcquire(connector, tables, 2)) {
        assertThat(locks).isNotNull();
        assertThat(database.query(HELD)).containsExactly("3");
      }
    }
  }

  private static List<Relation> relations(PostgresConnector connector) throws Exception {
    try (Catalog catalog = new Catalog(connector.open())) {
      return catalog.tables().userTables().stream().map(TableInfo::relation).toList();
    }
  }

  private static PostgresConnector connector(TestDatabase database) {
    Properties properties = new Properties();
    properties.setProperty("user", database.server().user());
    properties.setProperty("password", database.server().password());
    return new PostgresConnector(
        database.server().jdbcUrl(database.name()), properties, database.name());
  }
}
