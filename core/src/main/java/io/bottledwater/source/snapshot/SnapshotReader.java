package io.bottledwater.source.snapshot;

import io.bottledwater.change.ChangeHandler;
import io.bottledwater.change.Tuple;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.postgres.Identifiers;
import io.bottledwater.postgres.PgSnapshot;
import io.bottledwater.postgres.Relation;
import io.bottledwater.source.catalog.PostgresErrors;
import io.bottledwater.source.copy.CopyMessages;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** One session that sees the database as the snapshot has it, and reads chunks. One thread only. */
public final class SnapshotReader implements AutoCloseable {
  private static final int REPORT_ROWS = 4096;
  private static final int ROWS_AT_ONCE = 32;

  private final Connection connection;
  private final int majorVersion;
  private final String address;
  private final SnapshotProgress progress;
  private final Tuple row = new Tuple();

  // Of the chunk.
  private long rowsRead;
  private long bytesRead;

  private SnapshotReader(
      Connection connection, int majorVersion, String address, SnapshotProgress progress) {
    this.connection = connection;
    this.majorVersion = majorVersion;
    this.address = address;
    this.progress = progress;
  }

  /**
   * @param locks hold a session for each reader
   * @param index of the reader, from 0
   * @param snapshotName as exported by another session that is still open
   */
  public static SnapshotReader open(
      TableLocks locks, int index, String snapshotName, String address, SnapshotProgress progress) {
    Connection connection = locks.reader(index);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TRANSACTION SNAPSHOT " + Identifiers.literal(snapshotName));
      return new SnapshotReader(
          connection, connection.getMetaData().getDatabaseMajorVersion(), address, progress);
    } catch (SQLException e) {
      throw PostgresErrors.translate(e, "importing the snapshot", address);
    }
  }

  /**
   * Reads a chunk and hands each row to {@code handler}.
   *
   * @param binaryColumns columns of the relation whose binary form the handler understands
   * @param hiddenColumns columns of the relation whose values are not to be read
   * @param rowFilter condition that rows must fulfil, or null
   * @param basis leaves out row versions that this earlier snapshot does not see, or null
   * @return rows read
   */
  public long read(
      Chunk chunk,
      BitSet binaryColumns,
      BitSet hiddenColumns,
      @Nullable String rowFilter,
      @Nullable PgSnapshot basis,
      ChangeHandler handler) {
    String table = chunk.pagesSchema() + "." + chunk.pagesName();
    CopyDecoder decoder = new CopyDecoder(table, chunk.relation().columns().size(), binaryColumns);
    rowsRead = 0;
    bytesRead = 0;
    long reportedRows = 0;
    try {
      String sql =
          CopyQuery.of(chunk, majorVersion, binaryColumns, hiddenColumns, rowFilter, basis);
      try (CopyMessages copy = CopyMessages.copy(connection, sql)) {
        while (readSome(copy, decoder, chunk.relation(), handler)) {
          if (rowsRead - reportedRows >= REPORT_ROWS) {
            progress.read(rowsRead - reportedRows, bytesRead);
            reportedRows = rowsRead;
            bytesRead = 0;
          }
        }
      }
    } catch (SQLException e) {
      throw PostgresErrors.translate(e, "reading table " + table, address);
    } catch (OutOfMemoryError e) {
      throw new BottledWaterException(
          ErrorCode.MEMORY, "A row of " + table + " does not fit into memory.", e);
    }
    if (!decoder.isComplete()) {
      throw new BottledWaterException(
          ErrorCode.WIRE, "COPY of " + table + " ended without its trailer.");
    }
    progress.read(rowsRead - reportedRows, bytesRead);
    progress.chunkDone(chunk);
    return rowsRead;
  }

  /**
   * Reads a few rows. A method that is called often is compiled at once when the JVM has an AOT
   * cache; a loop that is entered once a chunk is not.
   *
   * @return false at the end
   */
  private boolean readSome(
      CopyMessages copy, CopyDecoder decoder, Relation relation, ChangeHandler handler)
      throws SQLException {
    for (int i = 0; i < ROWS_AT_ONCE; i++) {
      if (!copy.next()) {
        return false;
      }
      bytesRead += copy.length();
      if (decoder.decode(copy.buffer(), copy.offset(), copy.length(), row)) {
        handler.onRead(relation, row);
        rowsRead++;
      }
    }
    return true;
  }

  /** Ends the session, and so lets go of the tables. */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      org.slf4j.LoggerFactory.getLogger(SnapshotReader.class)
          .debug("closing a snapshot session failed");
    }
  }
}
