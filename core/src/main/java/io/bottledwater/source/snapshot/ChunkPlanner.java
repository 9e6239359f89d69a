package io.bottledwater.source.snapshot;

import io.bottledwater.postgres.Relation;
import io.bottledwater.source.catalog.Catalog;
import io.bottledwater.source.catalog.TableInfo;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Cuts tables into chunks of pages, so that several readers can share a large table and an
 * interrupted snapshot does not start from zero. What is read of a chunk is committed at once, so
 * each must be read within a sink's transaction, however large its table is.
 *
 * <p>A chunk ends where it was planned to end, the last one, too: the pages were counted after the
 * snapshot was taken that their rows are read as of, so all row versions that it sees lie there.
 */
public final class ChunkPlanner {
  // 1 MB to 16 MB: large enough to hide what a COPY costs to start, small enough that an
  // interruption and an uneven end cost little, and that the stream is not kept waiting for long.
  private static final long LEAST_PAGES = 128;
  private static final long MOST_PAGES = 2048;

  // What CopyQuery asks for without ranges of ctid: it names each row, at 32 bytes of the server's
  // memory.
  private static final long MOST_PAGES_NAMED = 512;

  // So many chunks a reader at least, where the table has the pages for it: then none of them is
  // idle for long while another reads the last chunk.
  private static final long SHARES = 8;

  private final Catalog catalog;
  private final int readers;

  /**
   * @param catalog of a session that has locked the tables: their sizes are asked for
   * @param readers how many sessions will share the chunks
   */
  public ChunkPlanner(Catalog catalog, int readers) {
    this.catalog = catalog;
    this.readers = readers;
  }

  /**
   * The pages of one table, with the file that holds them.
   *
   * @param chunkPages how many make a chunk: fewer where rows have much of their data in TOAST
   * @param heap whether the numbers of pages are what ctids have; with other access methods they
   *     need not be
   */
  public record Pages(
      long oid,
      String schema,
      String name,
      long fileNode,
      long pages,
      long chunkPages,
      boolean heap) {}

  /**
   * By table, what holds its rows: itself, or its leaf partitions. Asked for all at once, since a
   * question for each of ten thousand tables takes longer than reading the small ones.
   */
  public Map<Long, List<Pages>> pagesOf(Collection<TableInfo> tables) throws SQLException {
    Map<Long, List<Long>> files = new HashMap<>();
    for (TableInfo table : tables) {
      long oid = table.relation().oid();
      files.put(oid, table.partitioned() ? catalog.tables().leafPartitions(oid) : List.of(oid));
    }
    Map<Long, Pages> found = pages(files.values().stream().flatMap(List::stream).toList());
    Map<Long, List<Pages>> pages = new HashMap<>();
    files.forEach(
        (oid, parts) ->
            pages.put(oid, parts.stream().filter(found::containsKey).map(found::get).toList()));
    return pages;
  }

  private Map<Long, Pages> pages(List<Long> oids) throws SQLException {
    Map<Long, Pages> pages = new HashMap<>();
    try (PreparedStatement statement =
        catalog
            .connection()
            .prepareStatement(
                "SELECT c.oid::bigint, n.nspname, c.relname,"
                    + " pg_relation_filenode(c.oid)::bigint,"
                    + " pg_relation_size(c.oid) / current_setting('block_size')::bigint,"
                    + " pg_table_size(c.oid) / current_setting('block_size')::bigint,"
                    // HEAP_TABLE_AM_OID, or 0 before 12.
                    + " c.relam IN (0, 2)"
                    + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE c.oid = ANY(?::bigint[]::oid[]) AND c.relkind = 'r'")) {
      statement.setArray(1, catalog.connection().createArrayOf("bigint", oids.toArray()));
      try (ResultSet r = statement.executeQuery()) {
        while (r.next()) {
          long heap = r.getLong(5);
          long whole = Math.max(1, r.getLong(6));
          pages.put(
              r.getLong(1),
              new Pages(
                  r.getLong(1),
                  r.getString(2),
                  r.getString(3),
                  r.getLong(4),
                  heap,
                  chunkPages(heap, whole),
                  r.getBoolean(7)));
        }
      }
    }
    return pages;
  }

  /**
   * Cuts pages into chunks. The cut depends on the arguments alone, so that a later run finds the
   * same chunks.
   *
   * @param plannedPages how many pages there were when the snapshot was first planned
   * @param chunkPages how many made a chunk then
   */
  public List<Chunk> cut(Relation relation, Pages pages, long plannedPages, long chunkPages) {
    List<Chunk> chunks = new ArrayList<>();
    long count = Math.max(1, (plannedPages + chunkPages - 1) / chunkPages);
    for (int i = 0; i < count; i++) {
      boolean last = i == count - 1;
      long from = i * chunkPages;
      long to = last ? lastPage(pages, plannedPages) : from + chunkPages;
      chunks.add(
          new Chunk(
              relation,
              pages.oid(),
              pages.schema(),
              pages.name(),
              i,
              from,
              to,
              last ? plannedPages - from : chunkPages));
    }
    return chunks;
  }

  private static long lastPage(Pages pages, long plannedPages) {
    return pages.heap() ? plannedPages : Chunk.TO_END;
  }

  private long chunkPages(long heapPages, long wholePages) {
    long share = heapPages / (readers * SHARES);
    long most = CopyQuery.hasRanges(catalog.version() / 10_000) ? MOST_PAGES : MOST_PAGES_NAMED;
    long size = Math.max(LEAST_PAGES, Math.min(share, most));
    return Math.max(1, size * Math.max(1, heapPages) / wholePages);
  }
}
