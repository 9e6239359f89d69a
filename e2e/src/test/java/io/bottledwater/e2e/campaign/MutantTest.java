package io.bottledwater.e2e.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

  // NOT_FENCED is not always found out: the slot's lease may stop the displaced pump before it
  // writes
  // anything that fencing would have had to refuse. The campaign's --mutants still judges it.
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NONE", "NOT_FENCED"})
  void findsOutEachMutant(Mutant mutant) {
    Violations violations = MutantRun.of(servers, mutant, 1);

    assertThat(mutant.isCaughtBy(violations))
        .as("%s is caught by one of %s: %s", mutant, mutant.caughtBy(), violations)
        .isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = "NONE")
  void hasNothingAgainstAPumpThatIsWrappedButRight(Mutant none) {
    assertThat(MutantRun.of(servers, none, 1).descriptions()).isEmpty();
  }
}
