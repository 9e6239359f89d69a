package io.bottledwater.pump;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommitPaceTest {
  private static final long NOW = 1_700_000_000_000_000L;

  private final CommitPace pace = new CommitPace();

  @Test
  void groupsLastAsLongAsSomeCommits() {
    for (int i = 0; i < 50; i++) {
      pace.committed(4_000_000);
    }
    assertThat(pace.groupNanos(NOW - 3_000, NOW)).isBetween(15_000_000L, 20_000_000L);
  }

  @Test
  void followsCommitsThatBecomeSlowerOrFaster() {
    long before = pace.groupNanos(NOW, NOW);
    pace.committed(40_000_000);
    long slower = pace.groupNanos(NOW, NOW);
    assertThat(slower).isGreaterThan(before);
    for (int i = 0; i < 50; i++) {
      pace.committed(10_000);
    }
    assertThat(pace.groupNanos(NOW, NOW)).isEqualTo(1_000_000);
  }

  @Test
  void isBoundedWhenTheBrokersAreSlow() {
    pace.committed(60_000_000_000L);
    assertThat(pace.groupNanos(NOW, NOW)).isEqualTo(200_000_000);
  }

  @Test
  void takesLargeGroupsWhenItIsBehind() {
    assertThat(pace.groupNanos(NOW - 60_000_000, NOW)).isEqualTo(200_000_000);
  }

  @Test
  void isNotBehindAClockThatIsAhead() {
    assertThat(pace.groupNanos(NOW + 60_000_000, NOW)).isLessThan(200_000_000);
  }
}
