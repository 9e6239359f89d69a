package io.bottledwater.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.testkit.ProcessRunner;
import io.bottledwater.testkit.RunningProcess;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The pump as a user starts it: a process of its own with a command line. */
final class PumpUnderTest implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final List<String> arguments = new ArrayList<>();
  private final String secret;
  private RunningProcess process;
  private String failpoint = "";

  private PumpUnderTest(String secret) {
    this.secret = secret;
  }

  /** A pump of {@code database} whose slot and topics carry the database's name. */
  static PumpUnderTest of(TestDatabase database, TestKafka kafka) {
    return of(database.uri(), database, kafka);
  }

  /** The same, with another connection string; its password must not be printed either. */
  static PumpUnderTest of(String uri, TestDatabase database, TestKafka kafka) {
    PumpUnderTest pump = new PumpUnderTest(uri.replaceFirst(".*//[^:]*:(.*)@.*", "$1"));
    pump.arguments.add("--postgres=" + uri);
    pump.arguments.add("--slot=" + database.name());
    pump.arguments.add("--broker=" + kafka.bootstrapServers());
    pump.arguments.add("--topic-prefix=" + database.name());
    return pump;
  }

  PumpUnderTest slot(String name) {
    return instead("--slot=", name);
  }

  PumpUnderTest topicPrefix(String prefix) {
    return instead("--topic-prefix=", prefix);
  }

  private PumpUnderTest instead(String option, String value) {
    arguments.replaceAll(argument -> argument.startsWith(option) ? option + value : argument);
    return this;
  }

  PumpUnderTest with(String... more) {
    arguments.addAll(List.of(more));
    return this;
  }

  /** From the next start on, the process halts at the named place; empty for nowhere. */
  PumpUnderTest haltingAt(String place) {
    failpoint = place;
    return this;
  }

  PumpUnderTest start() {
    process =
        ProcessRunner.java("io.bottledwater.cli.Main")
            .jvmArguments("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
            .jvmArguments("-Dbottledwater.failpoint=" + failpoint)
            .arguments(arguments.toArray(new String[0]))
            .start();
    return this;
  }

  PumpUnderTest startStreaming() {
    start();
    awaitStreaming();
    return this;
  }

  void awaitStreaming() {
    process.awaitLine("Streaming from", PATIENCE);
  }

  /** A server lets go of a slot some time after its reader has gone. */
  static void awaitFreeSlot(TestDatabase database) {
    TopicReader.until(
        "the slot to be free",
        () ->
            database
                .query(
                    "SELECT slot_name FROM pg_replication_slots WHERE active AND slot_name = '"
                        + database.name()
                        + "'")
                .isEmpty());
  }

  RunningProcess process() {
    return process;
  }

  void kill9() {
    process.kill9();
    process.close();
  }

  /** SIGTERM, and the exit code. */
  int stop() {
    process.terminate();
    return awaitEnd().code();
  }

  /** How a process ended by itself, and what it said to standard error. */
  record End(int code, List<String> lines) {
    /** The line that says why. */
    String lastLine() {
      return lines.get(lines.size() - 1);
    }
  }

  End awaitEnd() {
    int code = process.awaitExit(PATIENCE);
    process.close();
    List<String> lines = process.stderr();
    assertThat(lines).noneMatch(line -> line.contains(secret));
    assertThat(process.stdout()).isEmpty();
    return new End(code, lines);
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
  }
}
