package io.bottledwater.sink;

import java.util.Map;

/**
 * A fact that a sink keeps for the pump, atomically with the records it was committed with. A later
 * entry with the same key replaces it.
 *
 * @param key unique in the pump, for instance {@code position}
 * @param fields flat text fields; empty to delete the entry
 */
public record StateEntry(String key, Map<String, String> fields) {
  public StateEntry {
    fields = Map.copyOf(fields);
  }
}
