package io.bottledwater.bench;

import io.bottledwater.testkit.RunningProcess;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;

/**
 * One run of one subject under a load: a row to begin with, which shows that the subject is at
 * work, then the warm-up and the measured time without a pause between them.
 */
final class LatencyRun {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final long POLL_MILLIS = 20;

  private final Servers servers;
  private final Subject subject;
  private final Job job;
  private final int warmUp;
  private final int count;

  /**
   * @param seconds of load that are measured
   * @param warmUpSeconds of load before that
   */
  LatencyRun(Servers servers, Subject subject, Job job, int seconds, int warmUpSeconds) {
    this.servers = servers;
    this.subject = subject;
    this.job = job;
    int rate = job.scenario().transactionsPerSecond();
    this.warmUp = Math.multiplyExact(rate, warmUpSeconds);
    this.count = Math.addExact(warmUp, Math.multiplyExact(rate, seconds));
  }

  /** How many rows it inserts. */
  int rows() {
    return count + 1;
  }

  /**
   * @param firstId of consecutive ones, {@link #rows} of them
   */
  Latency measure(int repeat, long firstId) throws SQLException, InterruptedException {
    Set<String> topics = Set.of(subject.topic(job, job.workload().tables().get(0)));
    String brokers = servers.kafka().bootstrapServers();
    try (DatabaseWatch database = new DatabaseWatch(servers.connect(job.database()), job);
        TopicWatch kafka = new TopicWatch(brokers, topics);
        InsertLoad load = new InsertLoad(servers, job, firstId + 1, count)) {
      try (RunningProcess process = subject.start(job, servers)) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!database.hasBegun()) {
          require(System.nanoTime() < deadline, process);
          pause(process);
        }
        load.insert(firstId);
        while (kafka.end() == 0) {
          require(System.nanoTime() < deadline, process);
          pause(process);
        }
        Latency latency;
        try (Arrivals arrivals = new Arrivals(brokers, kafka.partitions(), firstId + 1, count)) {
          latency = measure(repeat, load, arrivals, process);
        }
        Stopwatch.stop(subject, process);
        kafka.delete();
        return latency;
      }
    }
  }

  private Latency measure(int repeat, InsertLoad load, Arrivals arrivals, RunningProcess process)
      throws InterruptedException {
    ProcessMeter meter = new ProcessMeter(process.pid());
    load.start();
    Thread.sleep(Math.max(0, (load.due(warmUp) - System.nanoTime()) / 1_000_000));
    double cpuAtBegin = meter.cpuSeconds();
    load.await();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (arrivals.distinct() < count && arrivals.isAlive() && System.nanoTime() < deadline) {
      pause(process);
    }
    return latency(repeat, load, arrivals, meter.cpuSeconds() - cpuAtBegin);
  }

  private Latency latency(int repeat, InsertLoad load, Arrivals arrivals, double cpuSeconds) {
    long[] late = new long[count - warmUp];
    long[] latencies = new long[count - warmUp];
    int known = 0;
    long end = 0;
    for (int i = warmUp; i < count; i++) {
      late[i - warmUp] = load.begun(i) - load.due(i);
      end = Math.max(end, load.committed(i) - load.due(warmUp));
      if (arrivals.arrived(i) != 0) {
        // The consumer can have it before the client has been told that it is committed.
        latencies[known++] = Math.max(0, arrivals.arrived(i) - load.committed(i));
      }
    }
    long[] sorted = Latency.sorted(latencies, known);
    return new Latency(
        job.scenario(),
        subject.name(),
        repeat,
        arrivals.distinct() - arrivals.repeated(),
        count,
        count - warmUp,
        end / 1e9,
        cpuSeconds,
        Latency.percentileMillis(Latency.sorted(late, late.length), 0.99),
        Latency.percentileMillis(sorted, 0.5),
        Latency.percentileMillis(sorted, 0.99),
        Latency.percentileMillis(sorted, 0.999),
        Latency.percentileMillis(sorted, 1));
  }

  private void pause(RunningProcess process) throws InterruptedException {
    require(process.isAlive(), process);
    Thread.sleep(POLL_MILLIS);
  }

  private void require(boolean holds, RunningProcess process) {
    if (!holds) {
      throw new IllegalStateException(
          subject.name()
              + " does not deliver\n"
              + Stopwatch.tail(process.stdout())
              + Stopwatch.tail(process.stderr()));
    }
  }
}
