package io.bottledwater.bench;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/** The command: measures, prints progress to standard error and tables to standard output. */
public final class BenchMain {
  private static final int USAGE = 2;
  private static final int WRONG = 1;

  private BenchMain() {}

  /** Ends with 0, with 1 when a topic did not hold every row once, or with 2 on bad usage. */
  public static void main(String[] arguments) throws SQLException, InterruptedException {
    BenchOptions options;
    try {
      options = BenchOptions.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(USAGE);
      return;
    }
    List<Measurement> speeds;
    List<Latency> latencies;
    try (Servers servers = Servers.start()) {
      if (options.tls()) {
        servers.useTls();
      }
      speeds = new Bench(servers, options, System.err).run();
      latencies = new LatencyBench(servers, options, System.err).run();
    }
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    out.printf(
        "PostgreSQL 17 (fsync on), Kafka and the subject on one machine: %d processors, Java %s,"
            + " %s%s.%n%n",
        Runtime.getRuntime().availableProcessors(),
        Runtime.version(),
        System.getProperty("os.arch"),
        options.tls() ? ", TLS to PostgreSQL" : "");
    if (!speeds.isEmpty()) {
      out.print(ResultTable.of(speeds));
    }
    if (!latencies.isEmpty()) {
      out.print(LatencyTable.of(latencies));
    }
    boolean right =
        Stream.concat(speeds.stream(), latencies.stream()).allMatch(run -> run.isComplete());
    System.exit(right ? 0 : WRONG);
  }
}
