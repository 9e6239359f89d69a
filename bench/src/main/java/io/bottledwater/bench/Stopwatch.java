package io.bottledwater.bench;

import io.bottledwater.testkit.RunningProcess;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Measures one run from outside: it begins when PostgreSQL shows the subject reading, and ends when
 * the last row has been committed.
 */
final class Stopwatch {
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final long POLL_MILLIS = 20;
  // Transactions' markers count as offsets, so the end is where nothing moves any more.
  private static final long SETTLED_NANOS = 1_000_000_000L;
  // A process is busy while it uses a third of a processor.
  private static final long BUSY_WINDOW_NANOS = 100_000_000L;
  private static final double BUSY_SECONDS = 0.03;
  private static final int TAIL = 40;
  private static final String DONE = "(?s).*(^done$|Snapshot finished: ).*";

  private final Servers servers;
  private final PrintStream progress;

  /**
   * @param progress for what a process has said that did not write every row exactly once
   */
  Stopwatch(Servers servers, PrintStream progress) {
    this.servers = servers;
    this.progress = progress;
  }

  /**
   * @param allocation whether the allocation of a pump is measured, which costs it time
   */
  Measurement measure(Subject subject, Job job, int repeat, boolean allocation)
      throws SQLException, InterruptedException {
    Set<String> topics =
        job.workload().tables().stream()
            .map(table -> subject.topic(job, table))
            .collect(Collectors.toSet());
    try (DatabaseWatch database = new DatabaseWatch(servers.connect(job.database()), job);
        TopicWatch kafka = new TopicWatch(servers.kafka().bootstrapServers(), topics)) {
      long launched = System.nanoTime();
      try (RunningProcess process = subject.start(job, servers)) {
        Course run =
            new Course(
                subject,
                job,
                process,
                new ProcessMeter(servers.postgres().pid()),
                new ProcessMeter(servers.kafka().pid()),
                database,
                kafka,
                launched,
                allocation);
        run.await();
        long peak = run.meter.peakResidentKilobytes();
        double allocated = run.allocatedBytes();
        stop(subject, process);
        long rows = job.workload().rows();
        long counted = subject.finish(job) == Subject.Finish.TOPICS ? kafka.count() : rows;
        if (counted != rows) {
          // Why is in there, if anywhere.
          progress.println(tail(process.stderr()));
        }
        kafka.delete();
        return new Measurement(
            job.scenario(),
            subject.name(),
            repeat,
            counted,
            rows,
            (run.ended - run.begun) / 1e9,
            (run.begun - launched) / 1e9,
            run.cpuAtEnd - run.cpuAtBegin,
            run.postgresCpu,
            run.kafkaCpu,
            peak,
            allocated);
      }
    }
  }

  /** Ends a subject's process; the pump's must go as it should. */
  static void stop(Subject subject, RunningProcess process) {
    if (!subject.isPump()) {
      // What it does has been measured: a worker that never ends on SIGTERM must not spoil the run.
      process.kill9();
      return;
    }
    process.terminate();
    int code = process.awaitExit(PATIENCE);
    if (code != 0) {
      throw new IllegalStateException(
          subject.name() + " ended with " + code + "\n" + tail(process.stderr()));
    }
  }

  static String tail(List<String> lines) {
    return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
  }

  /** One run on its way. */
  private static final class Course {
    private final Subject.Finish finish;
    private final Job job;
    private final RunningProcess process;
    private final DatabaseWatch database;
    private final TopicWatch kafka;
    private final String name;
    private final ProcessMeter meter;
    private final ProcessMeter postgres;
    private final ProcessMeter broker;
    private final @Nullable AllocationMeter allocation;
    private final long launched;
    private long begun;
    private long ended;
    private double allocatedAtBegin;
    private double cpuAtBegin;
    private double cpuAtEnd;
    private double postgresCpu;
    private double kafkaCpu;
    private long lastEnd;
    private long windowOpened;
    private double cpuAtWindow;

    Course(
        Subject subject,
        Job job,
        RunningProcess process,
        ProcessMeter postgres,
        ProcessMeter broker,
        DatabaseWatch database,
        TopicWatch kafka,
        long launched,
        boolean allocation) {
      this.name = subject.name();
      this.finish = subject.finish(job);
      this.job = job;
      this.process = process;
      this.database = database;
      this.kafka = kafka;
      this.meter = new ProcessMeter(process.pid());
      this.postgres = postgres;
      this.broker = broker;
      this.allocation = allocation && subject.isPump() ? new AllocationMeter(process.pid()) : null;
      this.launched = launched;
    }

    void await() throws SQLException, InterruptedException {
      boolean reading = false;
      double postgresAtBegin = postgres.familyCpuSeconds();
      double kafkaAtBegin = broker.cpuSeconds();
      while (true) {
        if (!process.isAlive() || System.nanoTime() - launched > PATIENCE.toNanos()) {
          throw new IllegalStateException(
              name + " did not get to the end\n" + tail(process.stdout()) + tail(process.stderr()));
        }
        if (!reading && database.hasBegun()) {
          reading = true;
          begun = System.nanoTime();
          cpuAtBegin = meter.cpuSeconds();
          postgresAtBegin = postgres.familyCpuSeconds();
          kafkaAtBegin = broker.cpuSeconds();
          allocatedAtBegin = allocation == null ? 0 : allocation.bytesOfLiveThreads();
        }
        if (isFinished()) {
          break;
        }
        Thread.sleep(POLL_MILLIS);
      }
      // They are idle from the end on.
      postgresCpu = postgres.familyCpuSeconds() - postgresAtBegin;
      kafkaCpu = broker.cpuSeconds() - kafkaAtBegin;
      if (!reading || begun > ended) {
        // Too short to be seen.
        begun = launched;
        cpuAtBegin = 0;
        allocatedAtBegin = 0;
      }
    }

    /** Since the first read; the process must not be measured any more. */
    double allocatedBytes() {
      return allocation == null ? Double.NaN : allocation.bytesOfAllThreads() - allocatedAtBegin;
    }

    private boolean isFinished() throws SQLException {
      return switch (finish) {
        case LINE -> marked(hasPrinted());
        case QUIET -> isQuiet();
        case TOPICS -> topicsAreFull();
      };
    }

    private boolean marked(boolean now) {
      if (now) {
        ended = System.nanoTime();
        cpuAtEnd = meter.cpuSeconds();
      }
      return now;
    }

    private boolean isQuiet() throws SQLException {
      long now = System.nanoTime();
      if (now - windowOpened > BUSY_WINDOW_NANOS) {
        double cpu = meter.cpuSeconds();
        if (cpu - cpuAtWindow > BUSY_SECONDS) {
          ended = now;
          cpuAtEnd = cpu;
        }
        windowOpened = now;
        cpuAtWindow = cpu;
      }
      return now - ended > SETTLED_NANOS && database.isSent();
    }

    private boolean hasPrinted() {
      return process.stdout().stream().anyMatch(line -> line.matches(DONE))
          || process.stderr().stream().anyMatch(line -> line.matches(DONE));
    }

    private boolean topicsAreFull() {
      long end = kafka.end();
      if (end != lastEnd) {
        lastEnd = end;
        marked(true);
        return false;
      }
      return end >= job.workload().rows() && System.nanoTime() - ended > SETTLED_NANOS;
    }
  }
}
