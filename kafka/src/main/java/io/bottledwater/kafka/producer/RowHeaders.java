package io.bottledwater.kafka.producer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.bottledwater.postgres.Lsn;
import io.bottledwater.record.EncodedRecord;
import io.bottledwater.record.Operation;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * The headers {@code bw.op}, {@code bw.lsn}, {@code bw.xid} and {@code bw.seq} as they stand in a
 * record: their count, then names and values, all with varint lengths. Within a transaction only
 * the sequence changes, and so only that is written for each row. Rows of the snapshot stand in no
 * transaction: they have operation and LSN only.
 *
 * <p>One thread. The bytes are valid until the next record of the same operation.
 */
public final class RowHeaders {
  private static final byte[] SEQUENCE_NAME = "bw.seq".getBytes(US_ASCII);
  private static final int MAX_BYTES = 160;
  private static final int MAX_DIGITS = 19;

  // Up to here value * TENTH >> TENTH_SHIFT is value / 10.
  private static final long MAX_CHEAP = Integer.MAX_VALUE;
  private static final long TENTH = 0xCCCCCCCDL;
  private static final int TENTH_SHIFT = 35;

  private final Prefix[] prefixes = new Prefix[Operation.values().length];
  private final byte[] digits = new byte[MAX_DIGITS];
  private byte[] bytes = new byte[0];
  private int length;

  RowHeaders() {
    for (Operation operation : Operation.values()) {
      prefixes[operation.ordinal()] = new Prefix(operation);
    }
  }

  /** Writes the headers of a record; {@link #bytes} and {@link #length} then tell them. */
  void set(EncodedRecord record) {
    Prefix prefix = prefixes[record.operation().ordinal()];
    prefix.set(record.commitLsn(), record.xid());
    bytes = prefix.bytes;
    length =
        prefix.operation == Operation.READ
            ? prefix.length
            : putDigits(bytes, prefix.length, record.sequence());
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  private int putDigits(byte[] b, int at, long value) {
    int first = MAX_DIGITS;
    long rest = value;
    while (rest > MAX_CHEAP) {
      digits[--first] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    do {
      // A tenth, by multiplication: the JVM's first compiler would divide.
      long tenth = (rest * TENTH) >>> TENTH_SHIFT;
      digits[--first] = (byte) ('0' + (rest - tenth * 10));
      rest = tenth;
    } while (rest > 0);
    int count = MAX_DIGITS - first;
    int p = RecordBatch.put(b, at, count);
    System.arraycopy(digits, first, b, p, count);
    return p + count;
  }

  /** The same headers for a producer that takes them as objects. */
  public static List<Header> asList(EncodedRecord record) {
    List<Header> headers = new ArrayList<>(4);
    headers.add(header("bw.op", record.operation().letter()));
    headers.add(header("bw.lsn", Lsn.format(record.commitLsn())));
    if (record.operation() != Operation.READ) {
      headers.add(header("bw.xid", Long.toString(record.xid())));
      headers.add(header("bw.seq", Long.toString(record.sequence())));
    }
    return headers;
  }

  /** Headers that are given as objects, as they stand in a record. */
  static byte[] encode(List<Header> headers) {
    int size = RecordBatch.size(headers.size());
    for (Header header : headers) {
      size += 10 + header.key().getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
      size += header.value() == null ? 0 : header.value().length;
    }
    byte[] encoded = new byte[size];
    int p = RecordBatch.put(encoded, 0, headers.size());
    for (Header header : headers) {
      p = putText(encoded, p, header.key().getBytes(java.nio.charset.StandardCharsets.UTF_8));
      p = putText(encoded, p, header.value());
    }
    return java.util.Arrays.copyOf(encoded, p);
  }

  private static int putText(byte[] b, int at, byte[] text) {
    int p = RecordBatch.put(b, at, text.length);
    System.arraycopy(text, 0, b, p, text.length);
    return p + text.length;
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(US_ASCII));
  }

  /** What the records of one operation have in common in a transaction. */
  private static final class Prefix {
    final Operation operation;
    final byte[] bytes = new byte[MAX_BYTES];
    int length;
    private long lsn = -1;
    private long xid = -1;

    Prefix(Operation operation) {
      this.operation = operation;
    }

    void set(long newLsn, long newXid) {
      if (newLsn == lsn && newXid == xid && length > 0) {
        return;
      }
      lsn = newLsn;
      xid = newXid;
      boolean row = operation == Operation.READ;
      int p = RecordBatch.put(bytes, 0, row ? 2 : 4);
      p = put(p, "bw.op", operation.letter());
      p = put(p, "bw.lsn", Lsn.format(lsn));
      if (!row) {
        p = put(p, "bw.xid", Long.toString(xid));
        p = putText(bytes, p, SEQUENCE_NAME);
      }
      length = p;
    }

    private int put(int at, String name, String value) {
      int p = putText(bytes, at, name.getBytes(US_ASCII));
      return putText(bytes, p, value.getBytes(US_ASCII));
    }
  }
}
