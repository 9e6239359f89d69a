package io.bottledwater.e2e.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The campaign's short form: each fault a few times. {@link Campaign} runs the full form. */
class CampaignTest {
  private static final long SEED = 20_260_101;

  private static Servers servers;
  private static Campaign campaign;

  @BeforeAll
  static void startServers() {
    servers = Servers.start();
    campaign = new Campaign(System.out);
  }

  @AfterAll
  static void stopServers() {
    campaign.print();
    servers.close();
  }

  static Stream<Fault> faults() {
    return Faults.ALL.stream().filter(Fault::inShortForm);
  }

  @ParameterizedTest
  @MethodSource("faults")
  void losesAndRepeatsNothing(Fault fault) {
    Result result;
    try {
      result = campaign.run(servers, fault, fault.shortRounds(), SEED);
    } catch (CannotHappenHere e) {
      Assumptions.abort(e.getMessage());
      return;
    }

    assertThat(result.violations().descriptions()).isEmpty();
    assertThat(result.records()).isPositive();
  }
}
