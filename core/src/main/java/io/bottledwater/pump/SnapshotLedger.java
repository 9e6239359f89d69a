package io.bottledwater.pump;

import io.bottledwater.sink.StateEntry;
import io.bottledwater.source.snapshot.Chunk;
import io.bottledwater.source.snapshot.ChunkPlanner.Pages;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which parts of the snapshot the sink holds. Entries:
 *
 * <pre>
 *   snapshot              status: intended, running, done, skipped
 *   snapshot/OID          file_node and pages of a table when it was planned
 *   snapshot/OID/N        file_node and rows of a chunk that has been written
 * </pre>
 *
 * <p>The intent is written before the slot is created: a slot that is found afterwards without a
 * finished snapshot is known to be ours, and is never taken for one whose snapshot is complete.
 */
final class SnapshotLedger {
  enum Status {
    NONE,
    INTENDED,
    RUNNING,
    DONE,
    SKIPPED
  }

  private static final String KEY = "snapshot";

  private final Map<String, StateEntry> entries;

  SnapshotLedger(Map<String, StateEntry> state) {
    this.entries = new HashMap<>();
    state.forEach(
        (key, entry) -> {
          if (key.equals(KEY) || key.startsWith(KEY + "/")) {
            entries.put(key, entry);
          }
        });
  }

  Status status() {
    String status = field(KEY, "status");
    return status == null ? Status.NONE : Status.valueOf(status.toUpperCase(java.util.Locale.ROOT));
  }

  static StateEntry statusEntry(Status status) {
    return new StateEntry(KEY, Map.of("status", status.name().toLowerCase(java.util.Locale.ROOT)));
  }

  /** Pages the table had when it was planned; null when it was not, or has been rewritten since. */
  @Nullable Long plannedPages(Pages table) {
    String key = KEY + "/" + table.oid();
    return Long.toString(table.fileNode()).equals(field(key, "file_node"))
        ? Long.valueOf(String.valueOf(field(key, "pages")))
        : null;
  }

  static StateEntry tableEntry(Pages table) {
    return new StateEntry(
        KEY + "/" + table.oid(),
        Map.of(
            "file_node",
            Long.toString(table.fileNode()),
            "pages",
            Long.toString(table.pages()),
            "table",
            table.schema() + "." + table.name()));
  }

  boolean isDone(Chunk chunk, long fileNode) {
    return Long.toString(fileNode).equals(field(chunkKey(chunk), "file_node"));
  }

  static StateEntry chunkEntry(Chunk chunk, long fileNode, long rows) {
    return new StateEntry(
        chunkKey(chunk), Map.of("file_node", Long.toString(fileNode), "rows", Long.toString(rows)));
  }

  /** The entries to write when the snapshot is complete; its details are not needed any more. */
  List<StateEntry> completion(Iterable<String> writtenKeys) {
    List<StateEntry> completion = new ArrayList<>();
    completion.add(statusEntry(Status.DONE));
    Map<String, Boolean> seen = new HashMap<>();
    for (String key : entries.keySet()) {
      seen.put(key, true);
    }
    for (String key : writtenKeys) {
      seen.put(key, true);
    }
    for (String key : seen.keySet()) {
      if (!key.equals(KEY)) {
        completion.add(new StateEntry(key, Map.of()));
      }
    }
    return completion;
  }

  private static String chunkKey(Chunk chunk) {
    return KEY + "/" + chunk.pagesOid() + "/" + chunk.ordinal();
  }

  private @Nullable String field(String key, String name) {
    StateEntry entry = entries.get(key);
    return entry == null ? null : entry.fields().get(name);
  }
}
