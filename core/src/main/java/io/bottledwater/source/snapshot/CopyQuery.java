package io.bottledwater.source.snapshot;

import io.bottledwater.postgres.Column;
import io.bottledwater.postgres.Identifiers;
import io.bottledwater.postgres.PgSnapshot;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The COPY statement that reads a chunk. */
final class CopyQuery {
  private static final int VERSION_WITH_RANGES = 14;

  // A named row costs the server memory.
  private static final long MOST_PAGES_NAMED = 2048;

  private CopyQuery() {}

  /** Whether the server reads a range of ctid without scanning the whole table. */
  static boolean hasRanges(int majorVersion) {
    return majorVersion >= VERSION_WITH_RANGES;
  }

  /**
   * Columns whose bytes are understood come as they are, all others as the text of their output
   * function.
   *
   * @param hiddenColumns columns whose values stay in the database: null comes in their place
   * @param majorVersion the server's
   * @param rowFilter condition of the publication that rows must fulfil, or null
   * @param basis leaves out row versions that this earlier snapshot does not see: they were made
   *     since, and the stream brings them; null to read all
   */
  static String of(
      Chunk chunk,
      int majorVersion,
      BitSet binaryColumns,
      BitSet hiddenColumns,
      @Nullable String rowFilter,
      @Nullable PgSnapshot basis) {
    StringBuilder sql = new StringBuilder("COPY (SELECT ");
    List<Column> columns = chunk.relation().columns();
    for (int i = 0; i < columns.size(); i++) {
      if (i > 0) {
        sql.append(", ");
      }
      String name = Identifiers.quote(columns.get(i).name());
      if (hiddenColumns.get(i)) {
        sql.append("NULL");
      } else if (binaryColumns.get(i)) {
        sql.append(name);
      } else {
        sql.append(columns.get(i).type().asText(name));
      }
    }
    sql.append(" FROM ONLY ").append(Identifiers.quote(chunk.pagesSchema(), chunk.pagesName()));
    String separator = " WHERE ";
    boolean open = chunk.toPage() == Chunk.TO_END;
    if (!hasRanges(majorVersion)
        && !open
        && chunk.toPage() - chunk.fromPage() <= MOST_PAGES_NAMED) {
      sql.append(separator);
      appendRows(sql, chunk.fromPage(), chunk.toPage());
      separator = " AND ";
    } else if (chunk.fromPage() > 0 || !open) {
      sql.append(separator).append("ctid >= '(").append(chunk.fromPage()).append(",0)'::tid");
      separator = " AND ";
      if (!open) {
        sql.append(separator).append("ctid < '(").append(chunk.toPage()).append(",0)'::tid");
      }
    }
    if (rowFilter != null) {
      sql.append(separator).append('(').append(rowFilter).append(')');
      separator = " AND ";
    }
    if (basis != null) {
      sql.append(separator)
          .append("pg_catalog.txid_visible_in_snapshot(xmin::text::bigint, ")
          .append(Identifiers.literal(basis.toString()))
          .append("::txid_snapshot)");
    }
    return sql.append(") TO STDOUT (FORMAT binary)").toString();
  }

  // Each place that a row can have in these pages, MaxHeapTuplesPerPage in each of them: the server
  // goes to them one after another. A range would have it scan the whole table.
  private static void appendRows(StringBuilder sql, long fromPage, long toPage) {
    sql.append("ctid = ANY (ARRAY(SELECT ('(' || page || ',' || item || ')')::tid")
        .append(" FROM generate_series(")
        .append(fromPage)
        .append("::bigint, ")
        .append(toPage - 1)
        .append(
            ") page, generate_series(1, (current_setting('block_size')::int - 24) / 28) item))");
  }
}
