package io.bottledwater.embedded.kafka;

import io.bottledwater.embedded.EmbeddedServerException;
import io.bottledwater.embedded.EmbeddedServerException.Reason;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Exit;

/**
 * Stands in for {@code System.exit} and {@code Runtime.halt} in Kafka's code while a broker runs
 * here: the call becomes a fault of every broker in this process, since it does not say whose it
 * is, and ends the calling thread only. Thread-safe.
 */
final class ExitGuard {
  private static final List<FaultReporter> RUNNING = new ArrayList<>();

  private ExitGuard() {}

  static synchronized void enter(FaultReporter reporter) {
    if (RUNNING.isEmpty()) {
      Exit.setExitProcedure((status, message) -> refuse("exit", status));
      Exit.setHaltProcedure((status, message) -> refuse("halt", status));
    }
    RUNNING.add(reporter);
  }

  static synchronized void leave(FaultReporter reporter) {
    RUNNING.remove(reporter);
    if (RUNNING.isEmpty()) {
      Exit.resetExitProcedure();
      Exit.resetHaltProcedure();
    }
  }

  private static void refuse(String how, int status) {
    EmbeddedServerException fault =
        new EmbeddedServerException(
            Reason.FAULT,
            "Kafka wanted to "
                + how
                + " the process with status "
                + status
                + ". Its own log says why; check the data directory and the space left, then"
                + " restart it.");
    for (FaultReporter reporter : running()) {
      reporter.report(fault);
    }
    throw fault;
  }

  private static synchronized List<FaultReporter> running() {
    return List.copyOf(RUNNING);
  }
}
