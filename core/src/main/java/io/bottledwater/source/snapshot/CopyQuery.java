package io.bottledwater.source.snapshot;

import io.bottledwater.postgres.Column;
import io.bottledwater.postgres.Identifiers;
import java.util.BitSet;
import java.util.List;

/** The COPY statement that reads a chunk. */
final class CopyQuery {
  private CopyQuery() {}

  /**
   * Columns whose bytes are understood come as they are, all others as the text of their output
   * function. A cast to text would not do: for some types it gives other text than the stream does.
   */
  static String of(Chunk chunk, BitSet binaryColumns) {
    StringBuilder sql = new StringBuilder("COPY (SELECT ");
    List<Column> columns = chunk.relation().columns();
    for (int i = 0; i < columns.size(); i++) {
      if (i > 0) {
        sql.append(", ");
      }
      String name = Identifiers.quote(columns.get(i).name());
      if (binaryColumns.get(i)) {
        sql.append(name);
      } else {
        sql.append("pg_catalog.textin(")
            .append(columns.get(i).type().outputFunction())
            .append('(')
            .append(name)
            .append("))");
      }
    }
    sql.append(" FROM ONLY ").append(Identifiers.quote(chunk.pagesSchema(), chunk.pagesName()));
    if (chunk.fromPage() > 0 || chunk.toPage() != Chunk.TO_END) {
      sql.append(" WHERE ctid >= '(").append(chunk.fromPage()).append(",0)'::tid");
      if (chunk.toPage() != Chunk.TO_END) {
        sql.append(" AND ctid < '(").append(chunk.toPage()).append(",0)'::tid");
      }
    }
    return sql.append(") TO STDOUT (FORMAT binary)").toString();
  }
}
