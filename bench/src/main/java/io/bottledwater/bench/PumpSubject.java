package io.bottledwater.bench;

import io.bottledwater.testkit.ProcessRunner;
import io.bottledwater.testkit.RunningProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pump, started by its own command line.
 *
 * @param launcher what starts it, or null for its JVM at once
 * @param kind {@code discard}, {@code exactly-once} or {@code at-least-once}
 * @param format of {@code --output-format}
 * @param jvmArguments for its JVM
 * @param moreArguments after those that this class gives
 * @param variant stands behind the name, after a slash; empty for none
 */
record PumpSubject(
    @Nullable Path launcher,
    String kind,
    String format,
    List<String> jvmArguments,
    List<String> moreArguments,
    String variant)
    implements Subject {
  private static final String DISCARD = "discard";
  private static final String MAIN = "io.bottledwater.cli.Main";

  static List<PumpSubject> all(
      @Nullable Path launcher, List<String> jvmArguments, List<String> moreArguments) {
    List<PumpSubject> all = new ArrayList<>();
    for (String kind : List.of(DISCARD, "exactly-once", "at-least-once")) {
      for (String format : List.of("avro", "json")) {
        all.add(new PumpSubject(launcher, kind, format, jvmArguments, moreArguments, ""));
      }
    }
    return all;
  }

  /**
   * The same with more arguments.
   *
   * @param arguments for the JVM when they begin with {@code -X}, else for the pump
   */
  PumpSubject variant(String name, List<String> arguments) {
    List<String> jvm = new ArrayList<>(jvmArguments);
    List<String> pump = new ArrayList<>(moreArguments);
    for (String argument : arguments) {
      (argument.startsWith("-X") ? jvm : pump).add(argument);
    }
    return new PumpSubject(launcher, kind, format, jvm, pump, "/" + name);
  }

  @Override
  public String name() {
    return kind + "-" + format + variant;
  }

  @Override
  public RunningProcess start(Job job, Servers servers) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--slot=" + job.slot());
    arguments.add("--publication=" + job.publication());
    arguments.add("--broker=" + servers.kafka().bootstrapServers());
    arguments.add("--schema-registry=" + servers.registryUrl());
    arguments.add("--topic-prefix=" + job.id());
    arguments.add("--output-format=" + format);
    if (writesTopics()) {
      arguments.add("--delivery=" + kind);
      // The broker must not compact while the records are counted.
      arguments.add("--topic-config=cleanup.policy=delete");
    } else {
      arguments.add("--sink=discard");
    }
    arguments.addAll(moreArguments);
    ProcessRunner runner =
        ProcessRunner.java(MAIN)
            .environment("CLASSPATH", BuildFiles.pumpClassPath())
            .environment("BOTTLEDWATER_POSTGRES", servers.postgres().uri(job.database()))
            .arguments(arguments.toArray(new String[0]));
    if (launcher != null) {
      return runner
          .environment("BOTTLEDWATER_JAVA_OPTS", String.join(" ", jvmArguments))
          .startProgram(launcher);
    }
    return runner.jvmArguments(jvmArguments.toArray(new String[0])).start();
  }

  @Override
  public Finish finish(Job job) {
    if (writesTopics()) {
      return Finish.TOPICS;
    }
    return job.scenario().isSnapshot() ? Finish.LINE : Finish.QUIET;
  }

  @Override
  public boolean writesTopics() {
    return !kind.equals(DISCARD);
  }

  @Override
  public boolean isPump() {
    return true;
  }
}
