package io.bottledwater.source.snapshot;

import io.bottledwater.postgres.Relation;
import io.bottledwater.source.catalog.Catalog;
import io.bottledwater.source.catalog.TableInfo;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts tables into chunks of pages, so that several readers can share a large table and an
 * interrupted snapshot does not start from zero. Servers before 14 scan the whole table for each
 * range of ctid; there a table has a few chunks only.
 */
public final class ChunkPlanner {
  private static final int VERSION_14 = 140000;
  private static final int MOST_SCANS = 16;

  // 1 MB to 16 MB: large enough to hide what a COPY costs to start, small enough that an
  // interruption and an uneven end cost little, and that the stream is not kept waiting for long.
  private static final long LEAST_PAGES = 128;
  private static final long MOST_PAGES = 2048;

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
   */
  public record Pages(
      long oid, String schema, String name, long fileNode, long pages, long chunkPages) {}

  /** The tables that hold the rows of {@code table}: itself, or its leaf partitions. */
  public List<Pages> pagesOf(TableInfo table) throws SQLException {
    List<Pages> pages = new ArrayList<>();
    List<Long> oids =
        table.partitioned()
            ? catalog.leafPartitions(table.relation().oid())
            : List.of(table.relation().oid());
    for (long oid : oids) {
      try (PreparedStatement statement =
          catalog
              .connection()
              .prepareStatement(
                  "SELECT n.nspname, c.relname, pg_relation_filenode(c.oid)::bigint,"
                      + " pg_relation_size(c.oid) / current_setting('block_size')::bigint,"
                      + " pg_table_size(c.oid) / current_setting('block_size')::bigint"
                      + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                      + " WHERE c.oid = ?::bigint::oid AND c.relkind = 'r'")) {
        statement.setLong(1, oid);
        try (ResultSet r = statement.executeQuery()) {
          if (r.next()) {
            long heap = r.getLong(4);
            long whole = Math.max(1, r.getLong(5));
            pages.add(
                new Pages(
                    oid,
                    r.getString(1),
                    r.getString(2),
                    r.getLong(3),
                    heap,
                    chunkPages(heap, whole)));
          }
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
      long to = last ? Chunk.TO_END : from + chunkPages;
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

  private long chunkPages(long heapPages, long wholePages) {
    long share = heapPages / (readers * SHARES);
    long size = Math.max(LEAST_PAGES, Math.min(share, MOST_PAGES));
    long pages = Math.max(1, size * Math.max(1, heapPages) / wholePages);
    // Each chunk is a scan of the whole table there: a few, so that each is soon committed.
    return catalog.version() < VERSION_14 ? Math.max(pages, heapPages / MOST_SCANS + 1) : pages;
  }
}
