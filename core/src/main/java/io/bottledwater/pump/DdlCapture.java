package io.bottledwater.pump;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.source.catalog.Catalog;
import io.bottledwater.source.catalog.PostgresConnector;
import io.bottledwater.source.catalog.PostgresErrors;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts DDL into the WAL, where logical decoding finds none: event triggers write each command into
 * the table {@code bottledwater.ddl}, whose inserts flow like those of any table, in commit order
 * with the rows around them (PostgreSQL manual, "Event Triggers").
 */
public final class DdlCapture {
  private static final String PRIVILEGE = "42501";

  private final PostgresConnector connector;

  public DdlCapture(PostgresConnector connector) {
    this.connector = connector;
  }

  /** The SQL that installs it; may be run again. */
  public static String installSql() {
    return script("ddl-install.sql");
  }

  /** The SQL that removes it, the recorded commands included. */
  public static String uninstallSql() {
    return script("ddl-uninstall.sql");
  }

  /**
   * Installs it, or brings it up to date.
   *
   * @throws BottledWaterException {@code BW-PRIVILEGE} when the role is no superuser
   */
  public void install() {
    run(installSql(), "install", "installing the capture of DDL");
  }

  /**
   * Removes it.
   *
   * @throws BottledWaterException {@code BW-PRIVILEGE} when the role is no superuser
   */
  public void uninstall() {
    run(uninstallSql(), "uninstall", "removing the capture of DDL");
  }

  /** What there is of it: triggers (enabled, disabled, missing), table, commands recorded. */
  public Map<String, String> status() {
    try (Catalog catalog = new Catalog(connector.open());
        Statement statement = catalog.connection().createStatement()) {
      Map<String, String> facts = new LinkedHashMap<>();
      for (String trigger : new String[] {"bottledwater_ddl", "bottledwater_drop"}) {
        facts.put(
            trigger,
            text(
                statement,
                "SELECT coalesce((SELECT CASE evtenabled WHEN 'D' THEN 'disabled' ELSE 'enabled' END"
                    + " FROM pg_event_trigger WHERE evtname = '"
                    + trigger
                    + "'), 'missing')"));
      }
      boolean table =
          text(statement, "SELECT to_regclass('bottledwater.ddl') IS NOT NULL").equals("t");
      facts.put("table", table ? "bottledwater.ddl" : "missing");
      if (table
          && text(
                  statement,
                  "SELECT has_schema_privilege('bottledwater', 'USAGE')"
                      + " AND has_table_privilege('bottledwater.ddl', 'SELECT')")
              .equals("t")) {
        facts.put("commands", text(statement, "SELECT count(*) FROM bottledwater.ddl"));
        facts.put("newest", text(statement, "SELECT max(at) FROM bottledwater.ddl"));
      }
      facts.put(
          "publications",
          text(
              statement,
              "SELECT string_agg(pubname, ',' ORDER BY pubname) FROM pg_publication_tables"
                  + " WHERE schemaname = 'bottledwater' AND tablename = 'ddl'"));
      return facts;
    } catch (SQLException e) {
      throw PostgresErrors.translate(e, "looking at the capture of DDL", connector.address());
    }
  }

  private void run(String script, String word, String doing) {
    try (Catalog catalog = new Catalog(connector.open())) {
      if (!catalog.serverInfo().superuser()) {
        throw refusal(word, catalog.serverInfo().user(), null);
      }
      catalog.execute("BEGIN; " + script + " COMMIT");
    } catch (SQLException e) {
      throw PRIVILEGE.equals(e.getSQLState())
          ? refusal(word, "of this connection", e)
          : PostgresErrors.translate(e, doing, connector.address());
    }
  }

  private static BottledWaterException refusal(
      String word, String role, @Nullable SQLException cause) {
    return new BottledWaterException(
        ErrorCode.PRIVILEGE,
        "Event triggers take a superuser, and role " + role + " is none.",
        "Run as a superuser the SQL that `bottledwater ddl "
            + word
            + " --print` prints, or start this command as one.",
        cause);
  }

  private static String text(Statement statement, String sql) throws SQLException {
    try (ResultSet r = statement.executeQuery(sql)) {
      r.next();
      String value = r.getString(1);
      return value == null ? "none" : value;
    }
  }

  private static String script(String name) {
    try (InputStream in = DdlCapture.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
