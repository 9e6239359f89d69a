package io.bottledwater.e2e.campaign;

import java.util.List;

/** The faults, by their numbers. */
final class Faults {
  static final List<Fault> ALL =
      List.of(
          new Fault("1", "kill -9 the pump", 3, 40, true, PumpFaults::kill),
          new Fault("2", "halt at each failpoint", 1, 2, true, PumpFaults::failpoints),
          new Fault("3", "SIGSTOP, second pump, SIGCONT", 1, 5, true, PumpFaults::zombie),
          new Fault("4", "two pumps at once", 1, 5, true, PumpFaults::two),
          new Fault("5", "pg_terminate_backend", 4, 60, true, PostgresFaults::terminations),
          new Fault("6", "pg_ctl restart -m immediate", 2, 10, true, PostgresFaults::restarts),
          new Fault("7", "SIGSTOP the walsender", 1, 5, true, PostgresFaults::stoppedSender),
          new Fault("8a", "kill -9 the broker", 1, 10, true, KafkaFaults::kill),
          new Fault("8b", "SIGSTOP the broker", 1, 3, true, KafkaFaults::suspend),
          new Fault("12", "WAL of another database", 2, 16, true, PostgresFaults::foreignWal),
          new Fault("13", "interleaved commits, kill", 2, 20, true, PumpFaults::interleaving),
          new Fault("16", "snapshot under load, kills", 3, 10, true, PumpFaults::snapshotKills),
          new Fault("17", "idle in transaction", 1, 1, false, PostgresFaults::openTransaction),
          new Fault("18a", "slot dropped", 1, 1, true, PostgresFaults::droppedSlot),
          new Fault("18b", "slot recreated", 1, 1, false, PostgresFaults::recreatedSlot),
          new Fault("18c", "slot advanced", 1, 1, true, PostgresFaults::advancedSlot),
          new Fault("18d", "slot lost", 1, 1, false, PostgresFaults::lostSlot));

  private Faults() {}
}
