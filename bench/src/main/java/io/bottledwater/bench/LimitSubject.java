package io.bottledwater.bench;

import io.bottledwater.testkit.ProcessRunner;
import io.bottledwater.testkit.RunningProcess;

/** What PostgreSQL gives to one session that does nothing with it. */
final class LimitSubject implements Subject {
  static final String NAME = "limit";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public RunningProcess start(Job job, Servers servers) {
    Class<?> reader = job.scenario().isSnapshot() ? CopyReader.class : StreamReader.class;
    ProcessRunner runner =
        ProcessRunner.java(reader)
            .environment("CLASSPATH", BuildFiles.benchClassPath())
            .environment("PGPASSWORD", servers.postgres().password());
    if (job.scenario().isSnapshot()) {
      runner.arguments(
          servers.postgres().jdbcUrl(job.database()),
          servers.postgres().user(),
          String.join(",", job.workload().tables()));
    } else {
      runner.arguments(
          servers.postgres().jdbcUrl(job.database()),
          servers.postgres().user(),
          job.slot(),
          job.publication(),
          Long.toUnsignedString(job.endLsn()));
    }
    return runner.start();
  }

  @Override
  public boolean writesTopics() {
    return false;
  }

  @Override
  public Finish finish(Job job) {
    return Finish.LINE;
  }
}
