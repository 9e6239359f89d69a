package io.bottledwater.bench;

import io.bottledwater.postgres.Lsn;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Runs the scenarios that are about latency, with the subjects that write topics. Each scenario has
 * a database of its own; all its runs fill the same table, with a slot of their own.
 */
final class LatencyBench {
  private final Servers servers;
  private final BenchOptions options;
  private final PrintStream progress;

  LatencyBench(Servers servers, BenchOptions options, PrintStream progress) {
    this.servers = servers;
    this.options = options;
    this.progress = progress;
  }

  List<Latency> run() throws SQLException, InterruptedException {
    List<Latency> all = new ArrayList<>();
    for (Scenario scenario : options.scenarios()) {
      if (scenario.isLatency()) {
        all.addAll(run(scenario));
      }
    }
    return all;
  }

  private List<Latency> run(Scenario scenario) throws SQLException, InterruptedException {
    String database = "bench_" + scenario.label().replace('-', '_');
    Workload workload = new Workload(scenario.shape(), 0);
    List<Latency> measured = new ArrayList<>();
    progress.printf(
        "%s: %d s after %d s%n", scenario.label(), options.seconds(), options.warmUpSeconds());
    try (Connection postgres = servers.connect("postgres");
        Statement admin = postgres.createStatement()) {
      admin.execute("CREATE DATABASE " + database);
      try (Connection connection = servers.connect(database);
          Statement sql = connection.createStatement()) {
        workload.create(sql);
        sql.execute("CREATE PUBLICATION bench FOR ALL TABLES");
        long nextId = 1;
        for (int repeat = 1; repeat <= options.repeat(); repeat++) {
          for (Subject subject : options.subjects()) {
            if (!subject.writesTopics()) {
              continue;
            }
            String id = Job.id(scenario, subject, repeat);
            Job job = new Job(id, scenario, workload, database, "bench", Lsn.INVALID);
            LatencyRun run =
                new LatencyRun(servers, subject, job, options.seconds(), options.warmUpSeconds());
            Slots.create(sql, job.slot());
            sql.execute("CHECKPOINT");
            Latency latency = run.measure(repeat, nextId);
            Slots.drop(sql, job.slot());
            nextId += run.rows();
            measured.add(latency);
            report(latency);
          }
        }
      }
      admin.execute("DROP DATABASE " + database + " WITH (FORCE)");
    }
    return measured;
  }

  private void report(Latency m) {
    progress.printf(
        Locale.ROOT,
        "  %d/%d %-30s %,8.0f/s  p50 %.2f  p99 %.2f  p99.9 %.2f  max %.1f ms  %.1f CPU s/million"
            + "  late %.2f ms%s%n",
        m.repeat(),
        options.repeat(),
        m.subject(),
        m.transactionsPerSecond(),
        m.p50Millis(),
        m.p99Millis(),
        m.p999Millis(),
        m.maxMillis(),
        m.cpuSecondsPerMillion(),
        m.lateMillis(),
        m.isComplete() ? "" : "  WRONG: " + m.rows() + " of " + m.expected());
  }
}
