package io.bottledwater.bench;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;

/** The command: measures, prints progress to standard error and the table to standard output. */
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
    List<Measurement> all;
    try (Servers servers = Servers.start()) {
      all = new Bench(servers, options, System.err).run();
    }
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    out.printf(
        "PostgreSQL 17 (fsync on), Kafka and the subject on one machine: %d processors, Java %s,"
            + " %s.%n%n",
        Runtime.getRuntime().availableProcessors(),
        Runtime.version(),
        System.getProperty("os.arch"));
    out.print(ResultTable.of(all));
    System.exit(all.stream().allMatch(Measurement::isComplete) ? 0 : WRONG);
  }
}
