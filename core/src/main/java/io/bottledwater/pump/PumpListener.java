package io.bottledwater.pump;

import io.bottledwater.source.snapshot.SnapshotProgress;

/** Is told how the pump gets on. Calls come from the pump's thread and must return at once. */
public interface PumpListener {
  /** Another pump has the slot; this one waits to take over. */
  void standby();

  /** The snapshot begins; {@code progress} can be read until it has ended. */
  void snapshotStarted(SnapshotProgress progress);

  void snapshotFinished(SnapshotProgress progress);

  /** Changes flow from here on. */
  void streaming(long fromLsn);

  /** Does nothing. */
  PumpListener NONE =
      new PumpListener() {
        @Override
        public void standby() {}

        @Override
        public void snapshotStarted(SnapshotProgress progress) {}

        @Override
        public void snapshotFinished(SnapshotProgress progress) {}

        @Override
        public void streaming(long fromLsn) {}
      };
}
