package io.bottledwater.e2e.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An oracle that never complains proves nothing: pumps that are wrong on purpose are found out. */
class MutantTest {
  private static Servers servers;

  @BeforeAll
  static void startServers() {
    servers = Servers.start();
  }

  @AfterAll
  static void stopServers() {
    servers.close();
  }

  static Stream<Mutant> wrong() {
    return Stream.of(Mutant.values()).filter(mutant -> !mutant.isControl());
  }

  static Stream<Mutant> right() {
    return Stream.of(Mutant.values()).filter(Mutant::isControl);
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void findsOutEachMutant(Mutant mutant) {
    Violations violations = MutantRun.of(servers, mutant, 1);

    assertThat(mutant.isCaughtBy(violations))
        .as("%s is caught by one of %s: %s", mutant, mutant.caughtBy(), violations)
        .isTrue();
  }

  @ParameterizedTest
  @MethodSource("right")
  void hasNothingAgainstAPumpThatIsWrappedButRight(Mutant control) {
    assertThat(MutantRun.of(servers, control, 1).descriptions()).isEmpty();
  }
}
