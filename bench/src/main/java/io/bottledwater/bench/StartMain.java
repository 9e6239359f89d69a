package io.bottledwater.bench;

import io.bottledwater.testkit.ProcessRunner;
import io.bottledwater.testkit.RunningProcess;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The command {@code bench/start}: how long the pump takes from the start of its process until it
 * streams, and what it costs, for databases of few and of many tables. Of each there is a first
 * start, with topics to create and a snapshot to take; restarts, which find everything there; and
 * what the last of them uses while nothing happens.
 */
public final class StartMain {
  private static final String USAGE =
      """
      bench/start [--tables=N,...] [--rows=N] [--restarts=N] [--idle=SECONDS] [--jvm="ARGUMENTS"]
                  [--launcher=PATH] [--args="ARGUMENTS"]

      --tables    databases with so many tables each, 1 by default
      --rows      rows of each table, 10 by default
      --restarts  3 by default
      --idle      how long to look on, 10 by default
      --jvm       arguments of the pump's JVM; -Xmx128m -Xmn16m -XX:+UseSerialGC by default. May be
                  repeated: then each restart is one with each
      --launcher  start the pump by this launcher, in its own way; --jvm then goes to it
      --args      more options of the pump
      """;

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int TABLES_A_TRANSACTION = 200;
  private static final String STREAMS = "Streaming from";

  private List<Integer> tables = List.of(1);
  private int rows = 10;
  private int restarts = 3;
  private int idleSeconds = 10;
  private final List<String> jvms = new ArrayList<>();
  private List<String> more = List.of();
  private @Nullable Path launcher;

  private StartMain() {}

  public static void main(String[] arguments) throws SQLException, InterruptedException {
    StartMain start = new StartMain();
    try {
      start.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    start.run(new PrintStream(System.out, true, StandardCharsets.UTF_8));
    System.exit(0);
  }

  private void parse(String[] arguments) {
    for (String argument : arguments) {
      String[] parts = argument.split("=", 2);
      String value = parts.length == 2 ? parts[1] : "";
      switch (parts[0]) {
        case "--tables" -> tables = Arrays.stream(value.split(",")).map(Integer::parseInt).toList();
        case "--rows" -> rows = Integer.parseInt(value);
        case "--restarts" -> restarts = Integer.parseInt(value);
        case "--idle" -> idleSeconds = Integer.parseInt(value);
        case "--jvm" -> jvms.add(value.strip());
        case "--launcher" -> launcher = Path.of(value).toAbsolutePath();
        case "--args" -> more = Arrays.asList(value.strip().split("\\s+"));
        default -> throw new IllegalArgumentException(argument + ": unknown\n\n" + USAGE);
      }
    }
    if (jvms.isEmpty()) {
      jvms.add("-Xmx128m -Xmn16m -XX:+UseSerialGC");
    }
  }

  private void run(PrintStream out) throws SQLException, InterruptedException {
    try (Servers servers = Servers.startForManyTables()) {
      out.printf(
          "PostgreSQL 17, Kafka and the pump on one machine: %d processors, Java %s, JVM %s.%n%n",
          Runtime.getRuntime().availableProcessors(), Runtime.version(), jvms.get(0));
      out.println(
          "| tables | what | s until it streams | CPU s | PostgreSQL's CPU s | Kafka's CPU s | peak"
              + " RSS MB |");
      out.println("|---|---|---|---|---|---|---|");
      for (int count : tables) {
        measure(servers, count, out);
      }
    }
  }

  private void measure(Servers servers, int count, PrintStream out)
      throws SQLException, InterruptedException {
    String database = "start_" + count;
    createTables(servers, database, count);
    once(servers, database, count, "first start", jvms.get(0), 0, out);
    for (int i = 1; i <= restarts; i++) {
      for (String jvm : jvms) {
        String what = jvms.size() == 1 ? "restart" : "restart, " + jvm;
        once(servers, database, count, what, jvm, i == restarts ? idleSeconds : 0, out);
      }
    }
  }

  private void createTables(Servers servers, String database, int count) throws SQLException {
    try (Connection postgres = servers.connect("postgres");
        Statement admin = postgres.createStatement()) {
      admin.execute("CREATE DATABASE " + database);
    }
    try (Connection connection = servers.connect(database);
        Statement sql = connection.createStatement()) {
      for (int from = 0; from < count; from += TABLES_A_TRANSACTION) {
        sql.execute(
            "DO $$ BEGIN FOR i IN "
                + from
                + ".."
                + (Math.min(count, from + TABLES_A_TRANSACTION) - 1)
                + " LOOP EXECUTE format('CREATE TABLE t_%s ("
                + Shape.SIX.columns().replace("'", "''").replace("%", "%%")
                + ")', i); EXECUTE format('INSERT INTO t_%s SELECT "
                + Shape.SIX.rowValues().replace("'", "''").replace("%", "%%")
                + " FROM generate_series(1, "
                + rows
                + ") i', i); END LOOP; END $$");
      }
      sql.execute("CHECKPOINT");
    }
  }

  private void once(
      Servers servers,
      String database,
      int count,
      String what,
      String jvm,
      int idle,
      PrintStream out)
      throws SQLException, InterruptedException {
    awaitFreeSlot(servers, database);
    ProcessMeter postgres = new ProcessMeter(servers.postgres().pid());
    ProcessMeter kafka = new ProcessMeter(servers.kafka().pid());
    double postgresBefore = postgres.familyCpuSeconds();
    double kafkaBefore = kafka.cpuSeconds();
    long launched = System.nanoTime();
    try (RunningProcess pump = start(servers, database, jvm)) {
      pump.awaitLine(STREAMS, PATIENCE);
      double seconds = (System.nanoTime() - launched) / 1e9;
      ProcessMeter meter = new ProcessMeter(pump.pid());
      double cpu = meter.cpuSeconds();
      double postgresCpu = postgres.familyCpuSeconds();
      double kafkaCpu = kafka.cpuSeconds();
      report(
          out,
          count,
          what,
          String.format(Locale.ROOT, "%.2f", seconds),
          cpu,
          postgresCpu - postgresBefore,
          kafkaCpu - kafkaBefore,
          meter.peakResidentKilobytes());
      if (idle > 0) {
        Thread.sleep(idle * 1000L);
        report(
            out,
            count,
            idle + " s idle",
            "",
            meter.cpuSeconds() - cpu,
            postgres.familyCpuSeconds() - postgresCpu,
            kafka.cpuSeconds() - kafkaCpu,
            meter.peakResidentKilobytes());
      }
      pump.terminate();
      int code = pump.awaitExit(PATIENCE);
      if (code != 0) {
        throw new IllegalStateException(
            "the pump ended with " + code + "\n" + String.join("\n", pump.stderr()));
      }
      System.err.println(String.join("\n", pump.stderr()));
    }
  }

  private static void report(
      PrintStream out,
      int count,
      String what,
      String seconds,
      double cpu,
      double postgresCpu,
      double kafkaCpu,
      long kilobytes) {
    out.printf(
        Locale.ROOT,
        "| %,d | %s | %s | %.2f | %.2f | %.2f | %d |%n",
        count,
        what,
        seconds,
        cpu,
        postgresCpu,
        kafkaCpu,
        kilobytes / 1024);
  }

  private RunningProcess start(Servers servers, String database, String jvm) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--slot=" + database);
    arguments.add("--broker=" + servers.kafka().bootstrapServers());
    arguments.add("--schema-registry=" + servers.registryUrl());
    arguments.add("--topic-prefix=" + database);
    arguments.addAll(more);
    ProcessRunner runner =
        ProcessRunner.java("io.bottledwater.cli.Main")
            .environment("CLASSPATH", BuildFiles.pumpClassPath())
            .environment("BOTTLEDWATER_POSTGRES", servers.postgres().uri(database))
            .arguments(arguments.toArray(new String[0]));
    if (launcher != null) {
      return runner.environment("BOTTLEDWATER_JAVA_OPTS", jvm).startProgram(launcher);
    }
    return runner.jvmArguments(jvm.split("\\s+")).start();
  }

  // The server notices that a client has gone a moment later, and this is not to be measured.
  private static void awaitFreeSlot(Servers servers, String database)
      throws SQLException, InterruptedException {
    try (Connection connection = servers.connect(database);
        Statement sql = connection.createStatement()) {
      boolean active = true;
      while (active) {
        try (ResultSet r =
            sql.executeQuery(
                "SELECT 1 FROM pg_replication_slots WHERE active AND slot_name = '"
                    + database
                    + "'")) {
          active = r.next();
        }
        Thread.sleep(20);
      }
    }
  }
}
