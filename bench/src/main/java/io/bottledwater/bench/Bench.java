package io.bottledwater.bench;

import io.bottledwater.postgres.Lsn;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Runs the scenarios that are about rows a second. Each has a database of its own. All subjects of
 * a repeat run one after the other before the next repeat, so that a ratio compares runs that stood
 * close in time; backlogs are the same changes in a slot for every run.
 */
final class Bench {
  // So many are written before anything counts. A broker that has just been started spends as much
  // on compiling as on a million rows; those that people have are not just started.
  private static final long WARM_UP_ROWS = 10_000_000;
  private static final int MOST_WARM_UPS = 10;

  private final Servers servers;
  private final BenchOptions options;
  private final PrintStream progress;
  private final Stopwatch stopwatch;

  Bench(Servers servers, BenchOptions options, PrintStream progress) {
    this.servers = servers;
    this.options = options;
    this.progress = progress;
    this.stopwatch = new Stopwatch(servers, progress);
  }

  List<Measurement> run() throws SQLException, InterruptedException {
    List<Measurement> all = new ArrayList<>();
    boolean cold = true;
    for (Scenario scenario : options.scenarios()) {
      if (!scenario.isLatency()) {
        all.addAll(run(scenario, cold));
        cold = false;
      }
    }
    return all;
  }

  private List<Measurement> run(Scenario scenario, boolean cold)
      throws SQLException, InterruptedException {
    String database = "bench_" + scenario.label().replace('-', '_');
    Workload workload = Workload.of(scenario.shape(), options.rows());
    int warmUps =
        cold ? (int) Math.max(1, Math.min(MOST_WARM_UPS, WARM_UP_ROWS / workload.rows())) : 1;
    List<Measurement> measured = new ArrayList<>();
    try (Connection postgres = servers.connect("postgres");
        Statement admin = postgres.createStatement()) {
      admin.execute("CREATE DATABASE " + database);
      try (Connection connection = servers.connect(database);
          Statement sql = connection.createStatement()) {
        progress.printf(
            "%s: %,d rows in %d table(s)%n",
            scenario.label(), workload.rows(), workload.tables().size());
        workload.create(sql);
        sql.execute("CREATE PUBLICATION bench FOR ALL TABLES");
        long endLsn = prepare(scenario, workload, sql, warmUps);
        for (int repeat = 1 - warmUps; repeat <= allocationRound(); repeat++) {
          for (Subject subject : subjects(repeat)) {
            Job job =
                new Job(
                    Job.id(scenario, subject, repeat),
                    scenario,
                    workload,
                    database,
                    "bench",
                    endLsn);
            Measurement m = stopwatch.measure(subject, job, repeat, repeat == allocationRound());
            Slots.drop(sql, job.slot());
            report(m);
            take(m, measured);
          }
        }
      }
      admin.execute("DROP DATABASE " + database + " WITH (FORCE)");
    }
    return measured;
  }

  /**
   * To ask a JVM for what its threads have allocated stops it for a while: one more round for that
   * alone.
   */
  private int allocationRound() {
    return options.repeat() + 1;
  }

  private void take(Measurement m, List<Measurement> measured) {
    if (m.repeat() > 0 && m.repeat() < allocationRound()) {
      measured.add(m);
      return;
    }
    if (!m.isComplete()) {
      throw new IllegalStateException(
          "%s wrote %d rows instead of %d".formatted(round(m), m.rows(), m.expected()));
    }
    if (m.repeat() == allocationRound()) {
      measured.replaceAll(
          other ->
              other.scenario() == m.scenario() && other.subject().equals(m.subject())
                  ? other.withAllocatedBytes(m.allocatedBytes())
                  : other);
    }
  }

  private String round(Measurement m) {
    if (m.repeat() < 1) {
      return "warm-up";
    }
    return m.repeat() < allocationRound() ? m.repeat() + "/" + options.repeat() : "bytes";
  }

  /**
   * Before the first repeat only one that writes topics, without being counted: all would pay for
   * what the broker's JVM has yet to compile.
   */
  private List<Subject> subjects(int repeat) {
    if (repeat < 1) {
      return options.subjects().stream().filter(Subject::writesTopics).limit(1).toList();
    }
    if (repeat == allocationRound()) {
      return options.subjects().stream().filter(Subject::isPump).toList();
    }
    // Each stands at another place in each repeat: the broker gets warmer with what it has written.
    List<Subject> rotated = new ArrayList<>(options.subjects());
    Collections.rotate(rotated, 1 - repeat);
    return rotated;
  }

  /** Returns where the backlog ends; 0 for a snapshot. */
  private long prepare(Scenario scenario, Workload workload, Statement sql, int warmUps)
      throws SQLException {
    if (scenario.isSnapshot()) {
      workload.change(sql);
      sql.execute("VACUUM (ANALYZE)");
      sql.execute("CHECKPOINT");
      return Lsn.INVALID;
    }
    for (int repeat = 1 - warmUps; repeat <= allocationRound(); repeat++) {
      for (Subject subject : subjects(repeat)) {
        Slots.create(sql, Job.id(scenario, subject, repeat));
      }
    }
    sql.execute("CHECKPOINT");
    workload.change(sql);
    try (ResultSet r = sql.executeQuery("SELECT pg_current_wal_insert_lsn()")) {
      r.next();
      return Lsn.parse(r.getString(1));
    }
  }

  private void report(Measurement m) {
    progress.printf(
        Locale.ROOT,
        "  %-7s %-30s %,12.0f rows/s  %6.1f s  %6.2f + %.2f CPU s/million  %5d MB"
            + "%s  start %.1f s%s%n",
        round(m),
        m.subject(),
        m.rowsPerSecond(),
        m.seconds(),
        m.cpuSecondsPerMillion(),
        m.postgresCpuSecondsPerMillion(),
        m.peakKilobytes() / 1024,
        Double.isNaN(m.allocatedBytes())
            ? ""
            : String.format(Locale.ROOT, "  %.0f B/row", m.allocatedBytesPerRow()),
        m.startSeconds(),
        Optional.of(m).filter(x -> !x.isComplete()).map(x -> "  WRONG: " + x.rows()).orElse(""));
  }
}
