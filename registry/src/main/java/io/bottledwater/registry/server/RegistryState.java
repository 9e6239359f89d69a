package io.bottledwater.registry.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the records of the topic, applied in their order, add up to. Thread safe: the topic's reader
 * applies, everybody reads; what is handed out is a copy.
 */
final class RegistryState {
  private final NavigableMap<String, NavigableMap<Integer, SchemaVersion>> subjects =
      new TreeMap<>();
  private final Map<Integer, NavigableMap<UseKey, SchemaVersion>> usesById = new HashMap<>();
  private final Map<StoredSchema, TreeSet<Integer>> idsBySchema = new HashMap<>();
  private final Map<String, CompatibilityLevel> levels = new HashMap<>();
  private final Map<String, Mode> modes = new HashMap<>();
  private @Nullable CompatibilityLevel globalLevel;
  private @Nullable Mode globalMode;
  private int maxId;

  private record UseKey(String subject, int version) implements Comparable<UseKey> {
    @Override
    public int compareTo(UseKey other) {
      int bySubject = subject.compareTo(other.subject);
      return bySubject != 0 ? bySubject : Integer.compare(version, other.version);
    }
  }

  synchronized void apply(LogEntry entry) {
    if (entry instanceof LogEntry.SchemaEntry schema) {
      if (schema.value() == null) {
        remove(schema.subject(), schema.version());
      } else {
        put(schema.value());
      }
    } else if (entry instanceof LogEntry.DeleteSubject delete) {
      Integer upTo = delete.upToVersion();
      if (upTo != null) {
        for (SchemaVersion version : versions(delete.subject(), false)) {
          if (version.version() <= upTo) {
            put(version.softlyDeleted());
          }
        }
      }
    } else if (entry instanceof LogEntry.ClearSubject clear) {
      for (SchemaVersion version : versions(clear.subject(), true)) {
        if (version.deleted()) {
          remove(version.subject(), version.version());
        }
      }
    } else if (entry instanceof LogEntry.ConfigEntry config) {
      if (config.subject() == null) {
        globalLevel = config.level();
      } else {
        putOrRemove(levels, config.subject(), config.level());
      }
    } else if (entry instanceof LogEntry.ModeEntry mode) {
      if (mode.subject() == null) {
        globalMode = mode.mode();
      } else {
        putOrRemove(modes, mode.subject(), mode.mode());
      }
    } else if (entry instanceof LogEntry.IdFloor floor) {
      maxId = Math.max(maxId, floor.maxId());
    }
  }

  synchronized RegistryState copy() {
    RegistryState copy = new RegistryState();
    subjects.values().forEach(versions -> versions.values().forEach(copy::put));
    copy.levels.putAll(levels);
    copy.modes.putAll(modes);
    copy.globalLevel = globalLevel;
    copy.globalMode = globalMode;
    copy.maxId = maxId;
    return copy;
  }

  /** Forgets everything, before the topic is read again from its beginning. */
  synchronized void clear() {
    subjects.clear();
    usesById.clear();
    idsBySchema.clear();
    levels.clear();
    modes.clear();
    globalLevel = null;
    globalMode = null;
    maxId = 0;
  }

  private void put(SchemaVersion version) {
    remove(version.subject(), version.version());
    subjects
        .computeIfAbsent(version.subject(), s -> new TreeMap<>())
        .put(version.version(), version);
    usesById
        .computeIfAbsent(version.id(), id -> new TreeMap<>())
        .put(new UseKey(version.subject(), version.version()), version);
    idsBySchema.computeIfAbsent(version.schema(), s -> new TreeSet<>()).add(version.id());
    maxId = Math.max(maxId, version.id());
  }

  private void remove(String subject, int versionNumber) {
    NavigableMap<Integer, SchemaVersion> versions = subjects.get(subject);
    SchemaVersion version = versions == null ? null : versions.remove(versionNumber);
    if (versions == null || version == null) {
      return;
    }
    if (versions.isEmpty()) {
      subjects.remove(subject);
    }
    NavigableMap<UseKey, SchemaVersion> uses = usesById.get(version.id());
    if (uses != null) {
      uses.remove(new UseKey(subject, versionNumber));
      if (uses.isEmpty()) {
        usesById.remove(version.id());
        TreeSet<Integer> ids = idsBySchema.get(version.schema());
        if (ids != null && ids.remove(version.id()) && ids.isEmpty()) {
          idsBySchema.remove(version.schema());
        }
      }
    }
  }

  private static <V> void putOrRemove(Map<String, V> map, String subject, @Nullable V value) {
    if (value == null) {
      map.remove(subject);
    } else {
      map.put(subject, value);
    }
  }

  /** All subjects, sorted, those that have only softly deleted versions included. */
  synchronized List<String> subjects() {
    return List.copyOf(subjects.keySet());
  }

  /** A subject's versions in their order; none for an unknown subject. */
  synchronized List<SchemaVersion> versions(String subject, boolean withDeleted) {
    NavigableMap<Integer, SchemaVersion> versions = subjects.get(subject);
    return versions == null ? List.of() : select(versions.values(), withDeleted);
  }

  /** Where an id is used, by subject and version; nowhere for an unknown id. */
  synchronized List<SchemaVersion> uses(int id, boolean withDeleted) {
    NavigableMap<UseKey, SchemaVersion> uses = usesById.get(id);
    return uses == null ? List.of() : select(uses.values(), withDeleted);
  }

  private static List<SchemaVersion> select(Collection<SchemaVersion> all, boolean withDeleted) {
    List<SchemaVersion> selected = new ArrayList<>();
    for (SchemaVersion version : all) {
      if (withDeleted || !version.deleted()) {
        selected.add(version);
      }
    }
    return selected;
  }

  /** The live versions whose schemas take a type from this version. */
  synchronized List<SchemaVersion> referencedBy(String subject, int version) {
    List<SchemaVersion> referencing = new ArrayList<>();
    for (NavigableMap<Integer, SchemaVersion> versions : subjects.values()) {
      for (SchemaVersion candidate : versions.values()) {
        for (Reference reference : candidate.schema().references()) {
          if (!candidate.deleted()
              && reference.version() == version
              && reference.subject().equals(subject)) {
            referencing.add(candidate);
            break;
          }
        }
      }
    }
    return referencing;
  }

  synchronized Optional<Integer> idOf(StoredSchema schema) {
    TreeSet<Integer> ids = idsBySchema.get(schema);
    return ids == null ? Optional.empty() : Optional.of(ids.first());
  }

  /** The highest id ever given out; 0 at first. */
  synchronized int maxId() {
    return maxId;
  }

  /** The subject's own level. */
  synchronized Optional<CompatibilityLevel> ownLevel(String subject) {
    return Optional.ofNullable(levels.get(subject));
  }

  synchronized CompatibilityLevel globalLevel() {
    return globalLevel == null ? CompatibilityLevel.BACKWARD : globalLevel;
  }

  synchronized CompatibilityLevel level(String subject) {
    return ownLevel(subject).orElseGet(this::globalLevel);
  }

  /** The subject's own mode. */
  synchronized Optional<Mode> ownMode(String subject) {
    return Optional.ofNullable(modes.get(subject));
  }

  synchronized Mode globalMode() {
    return globalMode == null ? Mode.READWRITE : globalMode;
  }

  synchronized Mode mode(String subject) {
    // The override is global and beats what a subject says.
    return globalMode() == Mode.READONLY_OVERRIDE
        ? Mode.READONLY_OVERRIDE
        : ownMode(subject).orElseGet(this::globalMode);
  }
}
