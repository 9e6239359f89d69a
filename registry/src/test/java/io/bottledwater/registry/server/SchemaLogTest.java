package io.bottledwater.registry.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.testkit.TestKafka;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SchemaLogTest {
  @Test
  void decidesOnlyOnWhatAnotherRegistryCommittedBefore() throws Exception {
    SchemaRegistryServer.Settings settings =
        RegistryFixture.settings(
            RegistryFixture.newTopic(), TestKafka.shared().bootstrapServers(), 1);
    RegistryState lagging = new RegistryState();
    AtomicBoolean released = new AtomicBoolean();
    AtomicReference<String> decided = new AtomicReference<>();
    try (SchemaLog first = SchemaLog.open(settings, new RegistryState());
        SchemaLog second = SchemaLog.open(settings, lagging)) {
      Thread decider =
          new Thread(
              () ->
                  second.commit(
                      current -> {
                        decided.set((released.get() ? "in time" : "too early") + current.maxId());
                        return new SchemaLog.Outcome<>(0, List.of());
                      }));
      // Nothing is applied to the state while its lock is held, as if its reader were slow.
      synchronized (lagging) {
        first.commit(current -> new SchemaLog.Outcome<>(0, List.of(new LogEntry.IdFloor(41))));
        decider.start();
        while (decider.isAlive() && !isIn(decider, "awaitPosition") && !isIn(decider, "maxId")) {
          Thread.onSpinWait();
        }
        released.set(!isIn(decider, "maxId"));
      }
      decider.join();

      assertThat(decided.get()).isEqualTo("in time41");
    }
  }

  private static boolean isIn(Thread thread, String method) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(frame -> frame.getMethodName().contains(method));
  }
}
