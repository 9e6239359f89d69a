package io.bottledwater.bench.jmh;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bottledwater.postgres.Column;
import io.bottledwater.postgres.PgType;
import io.bottledwater.postgres.Relation;
import io.bottledwater.postgres.ReplicaIdentity;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * Rows of the six-column table as PostgreSQL would send them, through pgoutput and through COPY.
 */
public final class SixColumns {
  /** Rows of a transaction, and of a COPY. */
  public static final int ROWS = 1000;

  private static final int OID = 16384;
  private static final int NUMERIC_12_2 = ((12 << 16) | 2) + 4;
  private static final long COMMIT_LSN = 0x1_2345_6780L;
  private static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;
  private static final OffsetDateTime FIRST =
      OffsetDateTime.of(2026, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

  private static final DateTimeFormatter TIMESTAMPTZ =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ssx", Locale.ROOT);

  private static final List<Column> COLUMNS =
      List.of(
          column("id", 20, "int8", -1, "bigint"),
          column("customer", 23, "int4", -1, "integer"),
          column("amount", 1700, "numeric", NUMERIC_12_2, "numeric(12,2)"),
          column("note", 25, "text", -1, "text"),
          column("created", 1184, "timestamptz", -1, "timestamp with time zone"),
          column("active", 16, "bool", -1, "boolean"));

  /** The table. */
  public static final Relation RELATION =
      new Relation(
          OID,
          "public",
          "bench_rows",
          ReplicaIdentity.of('d'),
          COLUMNS,
          List.of(0),
          "bench_rows_pkey");

  private SixColumns() {}

  private static Column column(String name, int oid, String type, int typmod, String typeName) {
    PgType pgType = PgType.base(oid, "pg_catalog", type, "", "pg_catalog." + type + "out");
    return new Column(name, pgType, typmod, typeName);
  }

  /** What pgoutput sends of a transaction that inserts the rows: a message each. */
  public static byte[][] transaction() {
    List<byte[]> messages = new ArrayList<>();
    messages.add(
        bytes(
            out -> {
              out.writeByte('B');
              out.writeLong(COMMIT_LSN);
              out.writeLong(micros(0));
              out.writeInt(1234);
            }));
    messages.add(bytes(SixColumns::relation));
    for (int i = 1; i <= ROWS; i++) {
      int row = i;
      messages.add(bytes(out -> insert(out, row)));
    }
    messages.add(
        bytes(
            out -> {
              out.writeByte('C');
              out.writeByte(0);
              out.writeLong(COMMIT_LSN);
              out.writeLong(COMMIT_LSN + 48);
              out.writeLong(micros(0));
            }));
    return messages.toArray(new byte[0][]);
  }

  private static void relation(DataOutputStream out) throws IOException {
    out.writeByte('R');
    out.writeInt(OID);
    string(out, RELATION.schema());
    string(out, RELATION.name());
    out.writeByte('d');
    out.writeShort(COLUMNS.size());
    for (Column column : COLUMNS) {
      out.writeByte(column.name().equals("id") ? 1 : 0);
      string(out, column.name());
      out.writeInt((int) column.type().oid());
      out.writeInt(column.typmod());
    }
  }

  private static void string(DataOutputStream out, String value) throws IOException {
    out.write(value.getBytes(UTF_8));
    out.writeByte(0);
  }

  private static void insert(DataOutputStream out, int row) throws IOException {
    out.writeByte('I');
    out.writeInt(OID);
    out.writeByte('N');
    out.writeShort(COLUMNS.size());
    for (int column = 0; column < COLUMNS.size(); column++) {
      byte[] value = text(row, column);
      out.writeByte('t');
      out.writeInt(value.length);
      out.write(value);
    }
  }

  /**
   * What COPY sends: a message for the header and the first row, one for each other row, one for
   * the trailer.
   *
   * @param binaryColumns those that come in their binary form, the others in text
   */
  public static byte[][] copy(BitSet binaryColumns) {
    List<byte[]> messages = new ArrayList<>();
    for (int i = 1; i <= ROWS; i++) {
      int row = i;
      messages.add(
          bytes(
              out -> {
                if (row == 1) {
                  out.write(new byte[] {'P', 'G', 'C', 'O', 'P', 'Y', '\n', -1, '\r', '\n', 0});
                  out.writeInt(0);
                  out.writeInt(0);
                }
                out.writeShort(COLUMNS.size());
                for (int column = 0; column < COLUMNS.size(); column++) {
                  byte[] value =
                      binaryColumns.get(column) ? binary(row, column) : text(row, column);
                  out.writeInt(value.length);
                  out.write(value);
                }
              }));
    }
    messages.add(new byte[] {-1, -1});
    return messages.toArray(new byte[0][]);
  }

  private static byte[] text(int row, int column) {
    String text =
        switch (column) {
          case 0 -> Integer.toString(row);
          case 1 -> Integer.toString(customer(row));
          case 2 -> String.format(Locale.ROOT, "%d.%02d", cents(row) / 100, cents(row) % 100);
          case 3 -> note(row);
          case 4 -> FIRST.plusSeconds(row).format(TIMESTAMPTZ);
          default -> isActive(row) ? "t" : "f";
        };
    return text.getBytes(UTF_8);
  }

  private static byte[] binary(int row, int column) {
    return bytes(
        out -> {
          switch (column) {
            case 0 -> out.writeLong(row);
            case 1 -> out.writeInt(customer(row));
            case 2 -> numeric(out, cents(row));
            case 3 -> out.write(note(row).getBytes(UTF_8));
            case 4 -> out.writeLong(micros(row));
            default -> out.writeByte(isActive(row) ? 1 : 0);
          }
        });
  }

  // Digits of base 10000 from the first to the last that is not zero; the weight is that of the
  // first: 0 before the point, -1 behind it.
  private static void numeric(DataOutputStream out, int cents) throws IOException {
    int whole = cents / 100;
    int fraction = cents % 100 * 100;
    out.writeShort((whole == 0 ? 0 : 1) + (fraction == 0 ? 0 : 1));
    out.writeShort(whole == 0 && fraction != 0 ? -1 : 0);
    out.writeShort(0);
    out.writeShort(2);
    if (whole != 0) {
      out.writeShort(whole);
    }
    if (fraction != 0) {
      out.writeShort(fraction);
    }
  }

  private static int customer(int row) {
    return row * 7919 % 100_000;
  }

  private static int cents(int row) {
    return row * 37 % 1_000_000;
  }

  private static String note(int row) {
    return String.format(Locale.ROOT, "note %015d", row);
  }

  private static long micros(int row) {
    return FIRST.plusSeconds(row).toEpochSecond() * 1_000_000 - POSTGRES_EPOCH_MICROS;
  }

  private static boolean isActive(int row) {
    return row % 3 == 0;
  }

  private interface Layout {
    void write(DataOutputStream out) throws IOException;
  }

  private static byte[] bytes(Layout layout) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      layout.write(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
