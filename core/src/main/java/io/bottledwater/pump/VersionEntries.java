package io.bottledwater.pump;

import io.bottledwater.encode.TopicVersions;
import io.bottledwater.sink.StateEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Versions of topics as entries of the sink's state: key {@code version/TOPIC}, field {@code
 * version}. One thread.
 */
final class VersionEntries {
  private static final String KEY = "version/";
  private static final String VERSION = "version";

  private final @Nullable TopicVersions versions;

  private VersionEntries(@Nullable TopicVersions versions) {
    this.versions = versions;
  }

  /**
   * @param resumed whether rows have been written before
   * @param newTopics as {@link PumpSettings} has it
   */
  static VersionEntries of(
      Map<String, StateEntry> state, boolean resumed, @Nullable Predicate<String> newTopics) {
    if (newTopics == null) {
      return new VersionEntries(null);
    }
    Map<String, Integer> reached = new HashMap<>();
    state.forEach(
        (key, entry) -> {
          String version = entry.fields().get(VERSION);
          if (key.startsWith(KEY) && version != null) {
            reached.put(key.substring(KEY.length()), Integer.valueOf(version));
          }
        });
    return new VersionEntries(new TopicVersions(reached, resumed, newTopics));
  }

  /** For the encoders; null when no topic has versions. */
  @Nullable TopicVersions versions() {
    return versions;
  }

  /** The entries given, and those of versions that were reached since the last call. */
  List<StateEntry> with(List<StateEntry> entries) {
    Map<String, Integer> taken = versions == null ? Map.of() : versions.take();
    if (taken.isEmpty()) {
      return entries;
    }
    List<StateEntry> all = new ArrayList<>(entries);
    taken.forEach(
        (topic, version) ->
            all.add(new StateEntry(KEY + topic, Map.of(VERSION, version.toString()))));
    return all;
  }
}
