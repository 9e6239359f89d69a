package io.bottledwater.kafka;

import io.bottledwater.postgres.Lsn;
import io.bottledwater.record.EncodedRecord;
import io.bottledwater.record.Operation;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * The headers {@code bw.op}, {@code bw.lsn}, {@code bw.xid} and {@code bw.seq}, as ASCII text. What
 * stays the same through a transaction is made once. One thread only.
 */
final class RecordHeadersCache {
  private static final int SEQUENCES = 1024;

  private final Header[] operations = new Header[Operation.values().length];
  private final Header[] sequences = new Header[SEQUENCES];
  private Header lsn = header("bw.lsn", "0/0");
  private Header xid = header("bw.xid", "0");
  private long cachedLsn;
  private long cachedXid;

  RecordHeadersCache() {
    for (Operation operation : Operation.values()) {
      operations[operation.ordinal()] = header("bw.op", operation.letter());
    }
    for (int i = 0; i < SEQUENCES; i++) {
      sequences[i] = header("bw.seq", Integer.toString(i));
    }
  }

  /** Rows of the snapshot stand in no transaction: they have an LSN only. */
  Header[] of(EncodedRecord record) {
    if (record.commitLsn() != cachedLsn) {
      cachedLsn = record.commitLsn();
      lsn = header("bw.lsn", Lsn.format(cachedLsn));
    }
    Header operation = operations[record.operation().ordinal()];
    if (record.operation() == Operation.READ) {
      return new Header[] {operation, lsn};
    }
    if (record.xid() != cachedXid) {
      cachedXid = record.xid();
      xid = header("bw.xid", Long.toString(cachedXid));
    }
    long sequence = record.sequence();
    return new Header[] {
      operation,
      lsn,
      xid,
      sequence < SEQUENCES ? sequences[(int) sequence] : header("bw.seq", Long.toString(sequence))
    };
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(StandardCharsets.US_ASCII));
  }
}
