package io.bottledwater.registry.server;

import org.jspecify.annotations.Nullable;

/** One record of the registry's topic. Null in place of a value is a tombstone. */
sealed interface LogEntry {
  /** A version of a subject, or that it is gone for good. */
  record SchemaEntry(String subject, int version, @Nullable SchemaVersion value)
      implements LogEntry {
    static SchemaEntry of(SchemaVersion value) {
      return new SchemaEntry(value.subject(), value.version(), value);
    }
  }

  /** All versions of a subject up to this one are deleted softly. */
  record DeleteSubject(String subject, @Nullable Integer upToVersion) implements LogEntry {}

  /** All softly deleted versions of a subject are gone for good. */
  record ClearSubject(String subject) implements LogEntry {}

  /** The compatibility level of a subject, or of all others where the subject is null. */
  record ConfigEntry(@Nullable String subject, @Nullable CompatibilityLevel level)
      implements LogEntry {}

  /** The mode of a subject, or of all others where the subject is null. */
  record ModeEntry(@Nullable String subject, @Nullable Mode mode) implements LogEntry {}

  /**
   * The highest id ever given out. It is written with every permanent deletion: once the tombstone
   * has been compacted away, nothing else tells that the id was used, and an id that is used twice
   * makes old records undecodable.
   */
  record IdFloor(int maxId) implements LogEntry {}
}
