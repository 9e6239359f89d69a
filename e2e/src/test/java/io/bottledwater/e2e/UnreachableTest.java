package io.bottledwater.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Servers that are not there: named, tried again with growing pauses, given up with exit code 4.
 */
class UnreachableTest {
  private static final Pattern PAUSE = Pattern.compile("Trying again in (\\d+) ms");

  private final TestKafka kafka = TestKafka.shared();

  @Test
  void triesAgainThenGivesUp() throws IOException {
    String closed = "127.0.0.1:" + closedPort();
    try (TestDatabase database = TestPostgres.version(17).newDatabase();
        ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      database.execute("CREATE TABLE t (id int PRIMARY KEY)");
      String silent = "127.0.0.1:" + mute.getLocalPort();
      String here = "127.0.0.1:" + database.server().port();
      try (PumpUnderTest refused =
              PumpUnderTest.of(database.uri().replace(here, closed), database, kafka)
                  .with("--retry-limit=5");
          PumpUnderTest unanswered =
              PumpUnderTest.of(
                      database.uri().replace(here, silent) + "?connect_timeout=2", database, kafka)
                  .with("--retry-limit=1");
          PumpUnderTest noBroker =
              PumpUnderTest.of(database, TestKafka.at(closed)).with("--retry-limit=1");
          PumpUnderTest noRegistry =
              PumpUnderTest.of(database, kafka)
                  .slot(database.name() + "_c")
                  .with("--retry-limit=1", "--schema-registry=http://user:hidden@" + closed);
          PumpUnderTest muteRegistry =
              PumpUnderTest.of(database, kafka)
                  .slot(database.name() + "_b")
                  .with("--retry-limit=1")
                  .with("--schema-registry=http://" + silent)) {
        refused.start();
        unanswered.start();
        noBroker.start();
        noRegistry.start();
        muteRegistry.start();

        List<String> lines = givesUp(refused, "BW-PG-UNREACHABLE", closed);
        List<Long> pauses = pauses(lines);
        // The last one is cut to what is left of the limit.
        assertThat(pauses.subList(0, pauses.size() - 1)).isSorted().startsWith(250L, 500L);
        givesUp(unanswered, "BW-PG-UNREACHABLE", silent);
        givesUp(noBroker, "BW-KAFKA-UNREACHABLE", closed);
        assertThat(givesUp(noRegistry, "BW-REGISTRY-UNREACHABLE", closed))
            .noneMatch(line -> line.contains("hidden"));
        givesUp(muteRegistry, "BW-REGISTRY-UNREACHABLE", silent);
      }
    }
  }

  @Test
  void stopsWhenAskedWhileItWaitsForAServer() throws IOException {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      String here = "127.0.0.1:" + database.server().port();
      String uri = database.uri().replace(here, "127.0.0.1:" + closedPort());
      try (PumpUnderTest pump = PumpUnderTest.of(uri, database, kafka).start()) {
        pump.process().awaitLine("Trying again in 1000 ms", java.time.Duration.ofSeconds(60));

        assertThat(pump.stop()).isZero();
      }
    }
  }

  private static List<String> givesUp(PumpUnderTest pump, String code, String address) {
    PumpUnderTest.End end = pump.awaitEnd();
    assertThat(end.code()).as(end.lastLine()).isEqualTo(4);
    assertThat(end.lastLine()).startsWith("bottledwater: " + code + ": ").contains(address);
    assertThat(end.lines())
        .as("log lines, then the reason")
        .allMatch(line -> line.startsWith("20") || line == end.lastLine());
    return end.lines();
  }

  private static List<Long> pauses(List<String> lines) {
    List<Long> pauses = new ArrayList<>();
    for (String line : lines) {
      Matcher matcher = PAUSE.matcher(line);
      if (matcher.find()) {
        pauses.add(Long.parseLong(matcher.group(1)));
      }
    }
    return pauses;
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
