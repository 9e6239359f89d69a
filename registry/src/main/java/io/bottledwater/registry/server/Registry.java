package io.bottledwater.registry.server;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * What a schema registry does, without HTTP. Reading methods answer from this registry's own state,
 * which may lag behind another registry on the same topic; what this registry has written it has
 * also read.
 */
final class Registry {
  private static final int AT_ONCE = 4;

  private final RegistryState state;
  private final SchemaLog log;
  private final SchemaParsing parsing;
  private final CompatibilityCheck compatibility;

  /** A schema of 1 MB takes many times that to parse, and all the processors there are. */
  private final Semaphore comparing = new Semaphore(AT_ONCE);

  Registry(RegistryState state, SchemaLog log) {
    this.state = state;
    this.log = log;
    this.parsing = new SchemaParsing(state);
    this.compatibility = new CompatibilityCheck(parsing);
  }

  /** The schema's id; the same again for the same schema, under whatever subject. */
  int register(String subject, StoredSchema schema) {
    checkSubject(subject);
    checkWritable(state, subject);
    StoredSchema canonical;
    Comparison before;
    comparing.acquireUninterruptibly();
    try {
      canonical = parsing.canonical(schema);
      Optional<SchemaVersion> known = find(state.versions(subject, false), canonical);
      if (known.isPresent()) {
        return known.get().id();
      }
      // Comparing large schemas takes long; the one that writes should not wait for it.
      before = compare(state, subject, canonical);
    } finally {
      comparing.release();
    }
    return log.commit(current -> registration(current, subject, canonical, before));
  }

  /** What was compared, and why it is not compatible. */
  private record Comparison(
      List<SchemaVersion> live, CompatibilityLevel level, List<String> problems) {}

  private Comparison compare(RegistryState current, String subject, StoredSchema schema) {
    List<SchemaVersion> live = current.versions(subject, false);
    CompatibilityLevel level = current.level(subject);
    return new Comparison(live, level, compatibility.problems(level, schema, live));
  }

  private SchemaLog.Outcome<Integer> registration(
      RegistryState current, String subject, StoredSchema schema, Comparison before) {
    checkWritable(current, subject);
    List<SchemaVersion> live = current.versions(subject, false);
    Optional<SchemaVersion> known = find(live, schema);
    if (known.isPresent()) {
      return new SchemaLog.Outcome<>(known.get().id(), List.of());
    }
    CompatibilityLevel level = current.level(subject);
    List<String> problems =
        before.live().equals(live) && before.level() == level
            ? before.problems()
            : compatibility.problems(level, schema, live);
    if (!problems.isEmpty()) {
      throw RegistryError.incompatible(
          "Schema being registered is incompatible with an earlier schema for subject \""
              + subject
              + "\", details: ["
              + String.join("; ", problems)
              + "], compatibility: "
              + level);
    }
    int id = current.idOf(schema).orElseGet(() -> nextId(current));
    // Softly deleted versions keep their numbers, so the next one counts from them too.
    int version = last(current.versions(subject, true)).map(v -> v.version() + 1).orElse(1);
    SchemaVersion registered = new SchemaVersion(subject, version, id, schema, false);
    return new SchemaLog.Outcome<>(id, List.of(LogEntry.SchemaEntry.of(registered)));
  }

  private static int nextId(RegistryState current) {
    if (current.maxId() == Integer.MAX_VALUE) {
      throw new RegistryError(500, 50001, "Error in the backend data store: no schema id is left");
    }
    return current.maxId() + 1;
  }

  SchemaVersion lookUp(String subject, StoredSchema schema, boolean withDeleted) {
    List<SchemaVersion> versions = existing(subject, withDeleted);
    return find(versions, parsing.canonical(schema)).orElseThrow(RegistryError::schemaNotFound);
  }

  List<String> subjects(String prefix, boolean withDeleted, boolean onlyDeleted) {
    List<String> selected = new ArrayList<>();
    for (String subject : state.subjects()) {
      boolean live = !state.versions(subject, false).isEmpty();
      if (subject.startsWith(prefix) && (onlyDeleted ? !live : live || withDeleted)) {
        selected.add(subject);
      }
    }
    return selected;
  }

  List<SchemaVersion> versions(String subject, boolean withDeleted) {
    return existing(subject, withDeleted);
  }

  SchemaVersion version(String subject, String version, boolean withDeleted) {
    return select(existing(subject, withDeleted), parseVersion(version));
  }

  List<Integer> referencedBy(String subject, String version) {
    SchemaVersion referenced = version(subject, version, true);
    List<Integer> ids = new ArrayList<>();
    for (SchemaVersion using : state.referencedBy(subject, referenced.version())) {
      ids.add(using.id());
    }
    return ids.stream().distinct().sorted().toList();
  }

  /** A schema keeps its id while any version has it, softly deleted ones included. */
  StoredSchema schema(int id) {
    return state.uses(id, true).stream()
        .findFirst()
        .map(SchemaVersion::schema)
        .orElseThrow(() -> RegistryError.schemaNotFound(id));
  }

  /** A Protobuf schema's descriptor in Base64. */
  String descriptor(StoredSchema schema) {
    return Base64.getEncoder()
        .encodeToString(parsing.protobuf(schema).file().toProto().toByteArray());
  }

  List<SchemaVersion> uses(int id, boolean withDeleted) {
    schema(id);
    return state.uses(id, withDeleted);
  }

  int maxId() {
    return state.maxId();
  }

  /** The versions that were deleted. */
  List<Integer> deleteSubject(String subject, boolean permanent) {
    checkSubject(subject);
    return log.commit(
        current -> {
          checkWritable(current, subject);
          return permanent ? permanentDeletion(current, subject) : softDeletion(current, subject);
        });
  }

  private static SchemaLog.Outcome<List<Integer>> softDeletion(
      RegistryState current, String subject) {
    List<SchemaVersion> live = current.versions(subject, false);
    if (live.isEmpty()) {
      throw current.versions(subject, true).isEmpty()
          ? RegistryError.subjectNotFound(subject)
          : RegistryError.subjectSoftlyDeleted(subject);
    }
    List<Integer> numbers = new ArrayList<>();
    List<LogEntry> entries = new ArrayList<>();
    for (SchemaVersion version : live) {
      checkUnreferenced(current, version);
      numbers.add(version.version());
    }
    entries.add(new LogEntry.DeleteSubject(subject, numbers.get(numbers.size() - 1)));
    if (current.ownLevel(subject).isPresent()) {
      entries.add(new LogEntry.ConfigEntry(subject, null));
    }
    if (current.ownMode(subject).isPresent()) {
      entries.add(new LogEntry.ModeEntry(subject, null));
    }
    return new SchemaLog.Outcome<>(numbers, entries);
  }

  private static SchemaLog.Outcome<List<Integer>> permanentDeletion(
      RegistryState current, String subject) {
    List<SchemaVersion> all = current.versions(subject, true);
    if (all.isEmpty()) {
      throw RegistryError.subjectNotFound(subject);
    }
    if (!current.versions(subject, false).isEmpty()) {
      throw RegistryError.subjectNotSoftlyDeleted(subject);
    }
    List<Integer> numbers = new ArrayList<>();
    List<LogEntry> entries = new ArrayList<>();
    entries.add(new LogEntry.IdFloor(current.maxId()));
    for (SchemaVersion version : all) {
      numbers.add(version.version());
      entries.add(new LogEntry.SchemaEntry(subject, version.version(), null));
    }
    entries.add(new LogEntry.DeleteSubject(subject, null));
    return new SchemaLog.Outcome<>(numbers, entries);
  }

  /** The number of the version that was deleted. */
  int deleteVersion(String subject, String version, boolean permanent) {
    checkSubject(subject);
    VersionNumber number = parseVersion(version);
    return log.commit(
        current -> {
          checkWritable(current, subject);
          return versionDeletion(current, subject, number, permanent);
        });
  }

  private static SchemaLog.Outcome<Integer> versionDeletion(
      RegistryState current, String subject, VersionNumber number, boolean permanent) {
    List<SchemaVersion> all = current.versions(subject, true);
    if (all.isEmpty()) {
      throw RegistryError.subjectNotFound(subject);
    }
    List<SchemaVersion> live = current.versions(subject, false);
    // The latest that can be deleted softly is a live one.
    SchemaVersion version =
        select(number.latest() && !permanent && !live.isEmpty() ? live : all, number);
    checkUnreferenced(current, version);
    if (!permanent && version.deleted()) {
      throw RegistryError.versionSoftlyDeleted(subject, version.version());
    }
    if (permanent && !version.deleted()) {
      throw RegistryError.versionNotSoftlyDeleted(subject, version.version());
    }
    List<LogEntry> entries =
        permanent
            ? List.of(
                new LogEntry.IdFloor(current.maxId()),
                new LogEntry.SchemaEntry(subject, version.version(), null))
            : List.of(LogEntry.SchemaEntry.of(version.softlyDeleted()));
    return new SchemaLog.Outcome<>(version.version(), entries);
  }

  private static void checkUnreferenced(RegistryState current, SchemaVersion version) {
    if (!current.referencedBy(version.subject(), version.version()).isEmpty()) {
      throw RegistryError.stillReferenced();
    }
  }

  /**
   * Why a schema could not be registered; empty when it could.
   *
   * @param version one to compare with, or null for those that the subject's level names
   */
  List<String> incompatibilities(String subject, @Nullable String version, StoredSchema proposed) {
    checkSubject(subject);
    VersionNumber number = version == null ? null : parseVersion(version);
    List<SchemaVersion> live = state.versions(subject, false);
    List<SchemaVersion> earlier = live;
    if (number != null && !number.latest()) {
      earlier = List.of(select(existing(subject, false), number));
    } else if (number != null && !live.isEmpty()) {
      earlier = List.of(live.get(live.size() - 1));
    }
    return compatibility.problems(state.level(subject), parsing.canonical(proposed), earlier);
  }

  /**
   * @param subject null for the level of all subjects without their own
   */
  CompatibilityLevel level(@Nullable String subject, boolean defaultToGlobal) {
    if (subject == null) {
      return state.globalLevel();
    }
    Optional<CompatibilityLevel> own = state.ownLevel(subject);
    if (own.isEmpty() && !defaultToGlobal) {
      throw RegistryError.noSubjectLevel(subject);
    }
    return own.orElseGet(state::globalLevel);
  }

  /** Sets a level, or removes it where it is null. The level that was in force is the answer. */
  CompatibilityLevel setLevel(@Nullable String subject, @Nullable CompatibilityLevel level) {
    if (subject != null) {
      checkSubject(subject);
    }
    return log.commit(
        current -> {
          CompatibilityLevel before =
              subject == null ? current.globalLevel() : current.level(subject);
          if (level == null && subject != null && current.ownLevel(subject).isEmpty()) {
            throw RegistryError.noSubjectLevel(subject);
          }
          return new SchemaLog.Outcome<>(before, List.of(new LogEntry.ConfigEntry(subject, level)));
        });
  }

  /**
   * @param subject null for the mode of all subjects without their own
   */
  Mode mode(@Nullable String subject, boolean defaultToGlobal) {
    if (subject == null) {
      return state.globalMode();
    }
    Optional<Mode> own = state.ownMode(subject);
    if (own.isEmpty() && !defaultToGlobal) {
      throw RegistryError.noSubjectMode(subject);
    }
    return state.mode(subject);
  }

  /** Sets a mode, or removes it where it is null. The mode that was in force is the answer. */
  Mode setMode(@Nullable String subject, @Nullable Mode mode) {
    if (subject != null) {
      checkSubject(subject);
    }
    return log.commit(
        current -> {
          Mode before = subject == null ? current.globalMode() : current.mode(subject);
          if (mode == null && subject != null && current.ownMode(subject).isEmpty()) {
            throw RegistryError.noSubjectMode(subject);
          }
          return new SchemaLog.Outcome<>(before, List.of(new LogEntry.ModeEntry(subject, mode)));
        });
  }

  private List<SchemaVersion> existing(String subject, boolean withDeleted) {
    List<SchemaVersion> versions = state.versions(subject, withDeleted);
    if (versions.isEmpty()) {
      throw RegistryError.subjectNotFound(subject);
    }
    return versions;
  }

  private static Optional<SchemaVersion> find(List<SchemaVersion> versions, StoredSchema schema) {
    return versions.stream()
        .filter(version -> version.schema().equals(schema))
        .max(Comparator.comparingInt(SchemaVersion::version));
  }

  private static Optional<SchemaVersion> last(List<SchemaVersion> versions) {
    return versions.isEmpty() ? Optional.empty() : Optional.of(versions.get(versions.size() - 1));
  }

  private static SchemaVersion select(List<SchemaVersion> versions, VersionNumber number) {
    if (number.latest()) {
      return versions.get(versions.size() - 1);
    }
    for (SchemaVersion version : versions) {
      if (version.version() == number.number()) {
        return version;
      }
    }
    throw RegistryError.versionNotFound(number.number());
  }

  /** A version as a client names it; the number is -1 for the latest. */
  private record VersionNumber(int number) {
    boolean latest() {
      return number == -1;
    }
  }

  private static VersionNumber parseVersion(String version) {
    if (version.equals("latest")) {
      return new VersionNumber(-1);
    }
    try {
      int number = Integer.parseInt(version);
      if (number >= 1 || number == -1) {
        return new VersionNumber(number);
      }
    } catch (NumberFormatException e) {
      // Answered below.
    }
    throw RegistryError.invalidVersion(version);
  }

  private static void checkSubject(String subject) {
    if (subject.isBlank()) {
      throw RegistryError.invalidSubject(subject);
    }
  }

  private static void checkWritable(RegistryState current, String subject) {
    if (current.mode(subject) != Mode.READWRITE) {
      throw RegistryError.notPermitted("Subject " + subject + " is in read-only mode");
    }
  }
}
