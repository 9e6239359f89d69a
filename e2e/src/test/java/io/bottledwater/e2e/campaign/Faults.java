package io.bottledwater.e2e.campaign;

import java.util.List;

/** The faults, by their numbers. */
final class Faults {
  static final List<Fault> ALL =
      List.of(
          new Fault("1", "kill -9 the pump", 3, 40, true, PumpFaults::kill),
          new Fault("1b", "kill -9 in a backlog", 2, 20, true, BacklogFaults::kill),
          new Fault("2", "halt at each failpoint", 1, 2, true, PumpFaults::failpoints),
          new Fault("3", "SIGSTOP, second pump, SIGCONT", 1, 5, true, PumpFaults::zombie),
          new Fault("4", "two pumps at once", 1, 5, true, PumpFaults::two),
          new Fault("5", "pg_terminate_backend", 4, 60, true, PostgresFaults::terminations),
          new Fault("6", "pg_ctl restart -m immediate", 2, 10, true, PostgresFaults::restarts),
          new Fault("7", "SIGSTOP the walsender", 1, 5, true, PostgresFaults::stoppedSender),
          new Fault("8a", "kill -9 the broker", 1, 10, true, KafkaFaults::kill),
          new Fault("8b", "SIGSTOP the broker", 1, 3, true, KafkaFaults::suspend),
          new Fault(
              "8c", "kill -9 the coordinator in a commit", 1, 10, true, BrokerFaults::coordinator),
          new Fault(
              "9a", "connections to PostgreSQL", 1, 10, true, NetworkFaults::postgresConnections),
          new Fault("9b", "connections to Kafka", 1, 10, false, NetworkFaults::kafkaConnections),
          new Fault("10a", "replies to EndTxn lost", 1, 10, true, NetworkFaults::lostCommitReplies),
          new Fault("10b", "EndTxn late", 1, 10, true, NetworkFaults::lateCommits),
          new Fault(
              "11a", "PostgreSQL out of reach", 1, 3, false, NetworkFaults::unreachablePostgres),
          new Fault("11b", "Kafka out of reach", 1, 3, false, NetworkFaults::unreachableKafka),
          new Fault("11c", "both out of reach", 1, 3, true, NetworkFaults::unreachableBoth),
          new Fault("12", "WAL of another database", 2, 16, true, PostgresFaults::foreignWal),
          new Fault("13", "interleaved commits, kill", 2, 20, true, PumpFaults::interleaving),
          new Fault("14a", "large transaction, kills", 1, 10, true, DataFaults::largeTransaction),
          new Fault("14b", "savepoints", 1, 10, true, DataFaults::savepoints),
          new Fault("14c", "rows of 8 MB", 1, 4, true, DataFaults::hugeRows),
          new Fault("15", "DDL storm", 2, 20, true, DataFaults::ddlStorm),
          new Fault(
              "15b", "8 MB unchanged, identity flips", 1, 10, true, DataFaults::identityFlips),
          new Fault("16", "snapshot under load, kills", 3, 10, true, PumpFaults::snapshotKills),
          new Fault(
              "16b",
              "savepoint open in an interrupted snapshot",
              1,
              1,
              true,
              PumpFaults::savepointInSnapshot),
          new Fault(
              "16c", "tables altered in the snapshot", 2, 20, true, SnapshotFaults::alterations),
          new Fault(
              "16d",
              "commit visible after its time",
              1,
              1,
              false,
              VisibilityFaults::betweenStreamAndSnapshot),
          new Fault(
              "16e",
              "commit streamed before it is visible",
              1,
              1,
              true,
              VisibilityFaults::beforeSnapshot),
          new Fault("17", "idle in transaction", 1, 1, false, PostgresFaults::openTransaction),
          new Fault("18a", "slot dropped", 1, 1, true, PostgresFaults::droppedSlot),
          new Fault("18b", "slot recreated", 1, 1, false, PostgresFaults::recreatedSlot),
          new Fault("18c", "slot advanced", 1, 1, true, PostgresFaults::advancedSlot),
          new Fault("18d", "slot lost", 1, 1, false, PostgresFaults::lostSlot),
          new Fault("18e", "slot idle for too long", 1, 1, true, SlotFaults::idleTimeout),
          new Fault("18f", "slot lost under the pump", 1, 1, false, SlotFaults::lostWhileRunning),
          new Fault("19", "another server", 1, 1, true, PostgresFaults::foreignServer),
          new Fault("19b", "standby promoted", 1, 1, true, ReplicaFaults::promotion),
          new Fault("19c", "standby without the slot", 1, 1, false, ReplicaFaults::withoutSlot),
          new Fault("19d", "standby without the end", 1, 1, false, ReplicaFaults::lostCommits),
          new Fault("19e", "backup restored", 1, 1, true, ReplicaFaults::restoredBackup),
          new Fault("20a", "broker's disk full", 1, 3, true, DiskFaults::broker),
          new Fault("20b", "PostgreSQL's disk full", 1, 3, true, DiskFaults::wal),
          new Fault("20c", "no room to spill", 1, 3, false, DiskFaults::spill),
          new Fault("21", "row of 2 MB", 1, 1, true, DataFaults::largeRow),
          new Fault("21b", "topic deleted", 1, 1, true, TopicFaults::deleted),
          new Fault("21c", "right to write revoked", 1, 5, true, TopicFaults::revoked),
          new Fault("21d", "partitions added", 1, 3, true, TopicFaults::grown),
          new Fault("21e", "row of 60 MB", 1, 1, false, TopicFaults::hugeRow),
          new Fault("22", "registry away", 1, 5, true, RegistryFaults::kill),
          new Fault("22b", "two registries, one topic", 1, 5, true, RegistryFaults::two));

  private Faults() {}
}
