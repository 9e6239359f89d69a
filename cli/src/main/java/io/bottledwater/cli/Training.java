package io.bottledwater.cli;

import io.bottledwater.config.PumpOptions;
import io.bottledwater.error.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the launcher has the JVM watch when it makes an AOT cache for the pump (JEP 483, JEP 515): a
 * snapshot, a stream and a backlog of a table of the usual types. A method that has been compiled
 * here is compiled at once, and in its last form, in a pump that has the cache; another one counts
 * its calls for long.
 */
final class Training {
  private static final String DATABASE = "training";

  // The password of a role of its own is stretched once instead of 4,096 times: the launcher has
  // what hashes are made of interpreted here.
  private static final String ROLE = "training";
  private static final int ROWS = 20_000;
  private static final int STREAMED = 300;

  // More than 16 MB of WAL, or the pump leaves it to the stream.
  private static final int BACKLOG_TRANSACTIONS = 16;
  private static final int BACKLOG_ROWS = 5_000;
  private static final long MOST_MILLIS = 8_000;
  private static final long PAUSE_MILLIS = 20;

  private final String postgres;
  private final String broker;
  private final String registry;
  private final String password = UUID.randomUUID().toString();

  private Training(String postgres, String broker, String registry) {
    this.postgres = postgres;
    this.broker = broker;
    this.registry = registry;
  }

  /**
   * @param args {@code HOST:PORT} of a PostgreSQL server, whose password the environment has, then
   *     the values of {@code --broker} and {@code --schema-registry}
   */
  public static void main(String[] args) throws Exception {
    new Training(args[0], args[1], args[2]).run();
    System.exit(0);
  }

  private void run() throws SQLException, IOException, InterruptedException {
    try (Connection admin = connect("postgres", "postgres", null);
        Statement sql = admin.createStatement()) {
      sql.execute("SET scram_iterations = 1");
      sql.execute("CREATE ROLE " + ROLE + " SUPERUSER LOGIN PASSWORD '" + password + "'");
      sql.execute("CREATE DATABASE " + DATABASE);
    }
    try (Connection connection = connect(DATABASE, ROLE, password);
        Statement sql = connection.createStatement()) {
      sql.execute(script());
      sql.execute("INSERT INTO training SELECT * FROM training_rows(1, " + ROWS + ")");
      long next = train(sql, "avro", ROWS + 1L);
      train(sql, "json", next);
    }
  }

  private long train(Statement sql, String format, long firstId)
      throws SQLException, InterruptedException {
    long id = firstId;
    try (RunningPump pump = new RunningPump(format)) {
      pump.awaitSlot(sql);
      for (int i = 0; i < STREAMED; i++) {
        sql.execute("INSERT INTO training SELECT * FROM training_rows(%d, %d)".formatted(id, id));
        sql.execute("UPDATE training SET amount = amount + 1 WHERE id = " + id);
        sql.execute("DELETE FROM training WHERE id = " + (id - 1));
        id++;
      }
      pump.awaitConfirmed(sql);
    }
    for (int i = 0; i < BACKLOG_TRANSACTIONS; i++) {
      long end = id + BACKLOG_ROWS;
      sql.execute(
          "INSERT INTO training SELECT * FROM training_rows(%d, %d)".formatted(id, end - 1));
      id = end;
    }
    sql.execute("UPDATE training SET amount = amount + 1 WHERE id <= " + ROWS);
    sql.execute("DELETE FROM training WHERE id > " + ROWS);
    try (RunningPump pump = new RunningPump(format)) {
      pump.awaitConfirmed(sql);
    }
    return id;
  }

  private Connection connect(String database, String user, @Nullable String password)
      throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://" + postgres + "/" + database, user, password);
  }

  private static String script() throws IOException {
    try (InputStream script = Training.class.getResourceAsStream("training.sql")) {
      if (script == null) {
        throw new IllegalStateException("training.sql is not on the class path");
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** A pump of this process, which ends when this is closed. */
  private final class RunningPump implements AutoCloseable {
    private final StopSignal signal = new StopSignal();
    private final String slot;
    private final Thread thread;
    private volatile int exitCode = ExitCode.BUG;

    RunningPump(String format) {
      slot = "training_" + format;
      Console console =
          new Console(
              InputStream.nullInputStream(),
              new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
              System.err,
              environment(),
              signal);
      List<String> arguments =
          List.of(
              PumpOptions.BROKER + "=" + broker,
              PumpOptions.SCHEMA_REGISTRY + "=" + registry,
              PumpOptions.OUTPUT_FORMAT + "=" + format,
              PumpOptions.SLOT + "=" + slot,
              PumpOptions.TOPIC_PREFIX + "=" + slot);
      thread =
          new Thread(() -> exitCode = new Main(Commands.all(), console).run(arguments), "training");
      thread.start();
    }

    private Map<String, String> environment() {
      Map<String, String> environment = new HashMap<>(System.getenv());
      environment.put(
          "BOTTLEDWATER_POSTGRES",
          "postgres://" + ROLE + ":" + password + "@" + postgres + "/" + DATABASE);
      return environment;
    }

    void awaitSlot(Statement sql) throws SQLException, InterruptedException {
      await(sql, "active");
    }

    /** Until it has done all that has been committed by now. */
    void awaitConfirmed(Statement sql) throws SQLException, InterruptedException {
      try (ResultSet r = sql.executeQuery("SELECT pg_current_wal_lsn()::text")) {
        r.next();
        String lsn = r.getString(1);
        await(sql, "active AND confirmed_flush_lsn >= '" + lsn + "'");
      }
    }

    // Not for ever: what it has done until then is worth keeping too.
    private void await(Statement sql, String condition) throws SQLException, InterruptedException {
      long deadline = System.currentTimeMillis() + MOST_MILLIS;
      try (PreparedStatement query =
          sql.getConnection()
              .prepareStatement(
                  "SELECT 1 FROM pg_replication_slots WHERE slot_name = ? AND " + condition)) {
        query.setString(1, slot);
        while (thread.isAlive() && System.currentTimeMillis() < deadline) {
          try (ResultSet r = query.executeQuery()) {
            if (r.next()) {
              return;
            }
          }
          Thread.sleep(PAUSE_MILLIS);
        }
      }
    }

    @Override
    public void close() throws InterruptedException {
      signal.request();
      thread.join(MOST_MILLIS);
      if (exitCode != ExitCode.OK) {
        // Nothing that has gone wrong is to be kept.
        throw new IllegalStateException("the pump ended with " + exitCode);
      }
    }
  }
}
