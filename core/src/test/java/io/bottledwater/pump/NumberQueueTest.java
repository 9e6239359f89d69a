package io.bottledwater.pump;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NumberQueueTest {
  @Test
  void searchesLikeASortedSet() {
    Random random = new Random(7);
    NumberQueue queue = new NumberQueue();
    TreeSet<Long> set = new TreeSet<>();
    long next = 0;
    for (int i = 0; i < 20_000; i++) {
      if (random.nextInt(3) > 0 || set.isEmpty()) {
        next += 1 + random.nextInt(3);
        queue.add(next);
        set.add(next);
      } else {
        assertThat(queue.remove()).isEqualTo(set.pollFirst());
      }
      long probe = next - random.nextInt(60);
      assertThat(queue.size()).isEqualTo(set.size());
      assertThat(queue.firstAbove(probe)).isEqualTo(orNone(set.higher(probe)));
      assertThat(queue.lastBelow(probe)).isEqualTo(orNone(set.lower(probe)));
    }
  }

  private static long orNone(Long found) {
    return found == null ? -1 : found;
  }
}
