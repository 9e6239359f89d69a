package io.bottledwater.source.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How far the server is asked to decode at a time. */
class WindowPlannerTest {
  private static final long MEGABYTE = 1024 * 1024;

  // LSNs are unsigned, and most of them negative as longs.
  private static final long START = -1000 * MEGABYTE;
  private static final long FAR = START + 100_000 * MEGABYTE;

  private final WindowPlanner planner = new WindowPlanner();

  @Test
  void growsFromSmallToLargeWindows() {
    long first = planner.upTo(START, FAR) - START;
    long last = first;
    for (int i = 0; i < 20; i++) {
      long next = planner.upTo(START, FAR) - START;
      assertThat(next).isBetween(last, 8 * last);
      last = next;
    }
    assertThat(first).isEqualTo(4 * MEGABYTE);
    assertThat(last).isEqualTo(256 * MEGABYTE);
  }

  @Test
  void takesSmallerWindowsWhereTheResultIsLargerThanItsWal() {
    for (int i = 0; i < 10; i++) {
      planner.upTo(START, FAR);
    }
    planner.returned(START, START + MEGABYTE, MEGABYTE, 16 * MEGABYTE);
    assertThat(planner.upTo(START, FAR) - START).isEqualTo(16 * MEGABYTE);
    planner.returned(START, START + MEGABYTE, 100 * MEGABYTE, 10_000 * MEGABYTE);
    assertThat(planner.upTo(START, FAR) - START).isEqualTo(MEGABYTE);
  }

  @Test
  void leavesLargeMessagesToTheStream() {
    planner.returned(START, START + 4 * MEGABYTE, 40_000, 4 * MEGABYTE);
    assertThat(planner.isForTheStream()).isFalse();
    // A few say little of what comes.
    planner.returned(START, START + 4 * MEGABYTE, 1, MEGABYTE);
    assertThat(planner.isForTheStream()).isFalse();
    planner.returned(START, START + 4 * MEGABYTE, 400, 4 * MEGABYTE);
    assertThat(planner.isForTheStream()).isTrue();
  }

  @Test
  void leavesNoCrumbs() {
    long walEnd = START + 6 * MEGABYTE;
    assertThat(planner.isNearTip(START, walEnd)).isFalse();
    assertThat(planner.upTo(START, walEnd)).isEqualTo(walEnd);
    assertThat(planner.isNearTip(walEnd - MEGABYTE, walEnd)).isTrue();
  }

  @Test
  void givesUpBeforeALargeTransactionCouldCome() {
    long reached = START;
    while (!planner.isTooMuch(START, reached)) {
      long next = planner.upTo(reached, FAR);
      planner.returned(reached, next, 0, 0);
      reached = next;
    }
    assertThat(reached - START).isBetween(512 * MEGABYTE, 768 * MEGABYTE);
    // Once the restart position has moved on, it may go on.
    assertThat(planner.isTooMuch(reached - MEGABYTE, reached)).isFalse();
  }

  @Test
  void goesOnLongerWhileTransactionsComeButNotWithoutEnd() {
    long reached = START;
    while (!planner.isTooMuch(START, reached)) {
      long next = planner.upTo(reached, FAR);
      planner.returned(reached, next, (next - reached) / 100, (next - reached) * 9 / 10);
      reached = next;
    }
    assertThat(reached - START).isBetween(1024 * MEGABYTE, 1280 * MEGABYTE);
  }
}
