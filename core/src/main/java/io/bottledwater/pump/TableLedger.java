package io.bottledwater.pump;

import io.bottledwater.postgres.Lsn;
import io.bottledwater.postgres.PgSnapshot;
import io.bottledwater.sink.StateEntry;
import io.bottledwater.source.catalog.TableInfo;
import io.bottledwater.source.snapshot.Chunk;
import io.bottledwater.source.snapshot.ChunkPlanner.Pages;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which tables' rows the sink holds, and as which snapshot saw them. Entries:
 *
 * <pre>
 *   tables                    status: intended, started, skipped
 *   table/OID                 status: running, done, requested; basis: a snapshot; until: an LSN;
 *                             dropped: the basis that until belongs to, if not basis;
 *                             rough: whether the basis may lack subtransactions;
 *                             member: by which entries publications hold it
 *   table/OID/PAGES           file_node and pages of a table or partition when it was planned
 *   table/OID/PAGES/N         file_node and rows of a chunk that has been written
 * </pre>
 *
 * <p>A table's <em>basis</em> is the snapshot that its rows are written as of. Whatever the basis
 * does not see comes from the stream; whatever it sees must not come again, so changes of
 * transactions that the basis sees are dropped (they commit before <em>until</em>). An interrupted
 * reading goes on under a later snapshot and leaves out the row versions that the basis does not
 * see: each row is written once.
 *
 * <p>A table that is requested is read again as a whole, whatever was read of it before, while its
 * changes go on. It is so for one that somebody asked for, and for one some of whose changes did
 * not reach the sink.
 *
 * <p>The intent is recorded before the slot is created: a slot that is found afterwards without
 * tables started is known to be ours, and is never taken for one whose snapshot is complete.
 *
 * <p>One thread.
 */
final class TableLedger {
  enum Status {
    NONE,
    INTENDED,
    STARTED,
    SKIPPED
  }

  /** Changes of transactions that {@code basis} sees, and that commit before {@code until}. */
  record Drop(PgSnapshot basis, long until) {}

  /** How a table's pages were cut into chunks. */
  record Plan(long pages, long chunkPages) {}

  private static final String KEY = "tables";
  private static final String TABLE = "table/";

  // Sorted, so that what belongs to a table lies together.
  private final NavigableMap<String, StateEntry> entries = new TreeMap<>();
  private Map<Long, String> members = Map.of();

  TableLedger(Map<String, StateEntry> state) {
    state.forEach(
        (key, entry) -> {
          if (key.equals(KEY) || key.startsWith(TABLE)) {
            entries.put(key, entry);
          }
        });
  }

  Status status() {
    String status = field(KEY, "status");
    return status == null ? Status.NONE : Status.valueOf(status.toUpperCase(Locale.ROOT));
  }

  /** Takes over entries that have been committed. */
  void committed(List<StateEntry> written) {
    for (StateEntry entry : written) {
      if (entry.fields().isEmpty()) {
        entries.remove(entry.key());
      } else if (entry.key().equals(KEY) || entry.key().startsWith(TABLE)) {
        entries.put(entry.key(), entry);
      }
    }
  }

  static StateEntry statusEntry(Status status) {
    return new StateEntry(KEY, Map.of("status", status.name().toLowerCase(Locale.ROOT)));
  }

  boolean isDone(TableInfo table) {
    return isDone(table.relation().oid());
  }

  boolean isDone(long oid) {
    return "done".equals(field(key(oid), "status"));
  }

  /** The basis of a table whose reading was interrupted; null when none was begun. */
  @Nullable PgSnapshot runningBasis(TableInfo table) {
    String key = key(table.relation().oid());
    String basis = field(key, "basis");
    return basis != null && "running".equals(field(key, "status")) ? PgSnapshot.parse(basis) : null;
  }

  /** Whether the table still has the name, and so the topic, under which it was recorded. */
  boolean isNamed(TableInfo table) {
    return table.relation().qualifiedName().equals(field(key(table.relation().oid()), "name"));
  }

  /** Whether the basis cannot tell which rows of subtransactions it sees. */
  boolean isRough(TableInfo table) {
    return "true".equals(field(key(table.relation().oid()), "rough"));
  }

  /** What the stream must leave out of a table, or null. */
  @Nullable Drop drop(long oid) {
    String dropped = field(key(oid), "dropped");
    String basis = dropped == null ? field(key(oid), "basis") : dropped;
    String until = field(key(oid), "until");
    return basis == null || until == null
        ? null
        : new Drop(PgSnapshot.parse(basis), Lsn.parse(until));
  }

  /** Whether anything is recorded of the table. */
  boolean knows(long oid) {
    return entries.containsKey(key(oid));
  }

  /**
   * @param drop null when nothing may be dropped. When rows of the table are in its topic already,
   *     a delete that the new basis sees must still reach them, so it is the drop of the reading
   *     before
   * @param exact whether the basis names subtransactions, too
   */
  StateEntry runningEntry(TableInfo table, PgSnapshot basis, @Nullable Drop drop, boolean exact) {
    long oid = table.relation().oid();
    Map<String, String> fields = new HashMap<>();
    fields.put("status", "running");
    fields.put("name", table.relation().qualifiedName());
    fields.put("basis", basis.toString());
    if (drop != null) {
      fields.put("until", Lsn.format(drop.until()));
      if (!drop.basis().toString().equals(basis.toString())) {
        fields.put("dropped", drop.basis().toString());
      }
    }
    if (!exact) {
      fields.put("rough", "true");
    }
    fields.put("member", member(oid));
    return new StateEntry(key(oid), fields);
  }

  /** A table that is to be read again while its changes go on. */
  List<StateEntry> request(long oid) {
    List<StateEntry> request = new ArrayList<>(forget(oid));
    Map<String, String> fields = new HashMap<>(recorded(oid));
    fields.put("status", "requested");
    if (!members.isEmpty()) {
      fields.put("member", member(oid));
    }
    request.add(new StateEntry(key(oid), fields));
    return request;
  }

  /** The same for all tables whose reading was interrupted. */
  List<StateEntry> requestInterrupted() {
    List<StateEntry> interrupted = new ArrayList<>();
    entries.forEach(
        (key, entry) -> {
          if ("running".equals(entry.fields().get("status"))) {
            interrupted.addAll(request(Long.parseLong(key.substring(TABLE.length()))));
          }
        });
    return interrupted;
  }

  private Map<String, String> recorded(long oid) {
    StateEntry entry = entries.get(key(oid));
    return entry == null ? Map.of() : entry.fields();
  }

  /** The name under which a table was recorded. */
  String name(long oid) {
    return recorded(oid).getOrDefault("name", "table " + oid);
  }

  /** Takes note of how publications hold the tables now; see {@code Catalog.memberships}. */
  void members(Map<Long, String> now) {
    members = now;
  }

  private String member(long oid) {
    return members.getOrDefault(oid, "");
  }

  /**
   * Whether changes of a table may be missing in the stream, because a publication did not hold it
   * for a while or does not now.
   */
  boolean wasUnpublished(long oid) {
    String before = recorded(oid).get("member");
    String now = member(oid);
    return before == null ? now.isEmpty() : !before.equals(now);
  }

  /** Records how publications hold the table now; null when that is recorded. */
  @Nullable StateEntry memberEntry(long oid) {
    Map<String, String> fields = new HashMap<>(recorded(oid));
    return member(oid).equals(fields.put("member", member(oid)))
        ? null
        : new StateEntry(key(oid), fields);
  }

  boolean isRequested(TableInfo table) {
    return isRequested(table.relation().oid());
  }

  boolean isRequested(long oid) {
    return "requested".equals(field(key(oid), "status"));
  }

  /** Whether these pages were planned, whatever became of them since. */
  boolean wasPlanned(TableInfo table, Pages pages) {
    return entries.containsKey(key(table.relation().oid()) + "/" + pages.oid());
  }

  /**
   * A table that needs no snapshot: its stream is complete from the beginning, or none is wanted.
   */
  static StateEntry doneEntry(long oid, String name) {
    return new StateEntry(key(oid), Map.of("status", "done", "name", name));
  }

  /** How the table was planned; null when it was not, or has been rewritten since. */
  @Nullable Plan plan(TableInfo table, Pages pages) {
    String key = key(table.relation().oid()) + "/" + pages.oid();
    return Long.toString(pages.fileNode()).equals(field(key, "file_node"))
        ? new Plan(number(key, "pages"), number(key, "chunk_pages"))
        : null;
  }

  static StateEntry pagesEntry(TableInfo table, Pages pages) {
    return new StateEntry(
        key(table.relation().oid()) + "/" + pages.oid(),
        Map.of(
            "file_node",
            Long.toString(pages.fileNode()),
            "pages",
            Long.toString(pages.pages()),
            "chunk_pages",
            Long.toString(pages.chunkPages())));
  }

  boolean isDone(Chunk chunk, long fileNode) {
    return Long.toString(fileNode).equals(field(chunkKey(chunk), "file_node"));
  }

  static StateEntry chunkEntry(Chunk chunk, long fileNode, long rows) {
    return new StateEntry(
        chunkKey(chunk), Map.of("file_node", Long.toString(fileNode), "rows", Long.toString(rows)));
  }

  /** The entries to write when a table has been read whole; its details are not needed any more. */
  List<StateEntry> completion(TableInfo table) {
    String key = key(table.relation().oid());
    List<StateEntry> completion = new ArrayList<>(forget(table));
    Map<String, String> fields = new HashMap<>();
    StateEntry running = entries.get(key);
    if (running != null) {
      fields.putAll(running.fields());
    }
    fields.put("status", "done");
    completion.add(new StateEntry(key, fields));
    return completion;
  }

  /** The entries that delete what is recorded of a table's pages and chunks. */
  List<StateEntry> forget(TableInfo table) {
    return forget(table.relation().oid());
  }

  private List<StateEntry> forget(long oid) {
    String key = key(oid);
    List<StateEntry> deletions = new ArrayList<>();
    // Keys that go on with a slash: the character after it bounds them.
    for (String below : entries.subMap(key + "/", key + "0").keySet()) {
      deletions.add(new StateEntry(below, Map.of()));
    }
    return deletions;
  }

  private static String key(long oid) {
    return TABLE + oid;
  }

  private static String chunkKey(Chunk chunk) {
    return key(chunk.relation().oid()) + "/" + chunk.pagesOid() + "/" + chunk.ordinal();
  }

  private long number(String key, String name) {
    return Long.parseLong(String.valueOf(field(key, name)));
  }

  private @Nullable String field(String key, String name) {
    StateEntry entry = entries.get(key);
    return entry == null ? null : entry.fields().get(name);
  }
}
