package io.bottledwater.encode.debezium;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.change.Transaction;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The field {@code source} of one table's records: which change it was. One thread only. */
final class SourceBlock {
  private static final String CONNECTOR = "postgresql";
  private static final String VERSION = "bottledwater";

  static final ValueType TYPE =
      new ValueType.Annotated(
          new ValueType.Struct(
              "Source",
              List.of("io", "debezium", "connector", "postgresql"),
              List.of(
                  text("version", true),
                  text("connector", true),
                  text("name", true),
                  number("ts_ms", true),
                  new RowShape.Field("snapshot", snapshotMarker(), true, ""),
                  text("db", true),
                  text("sequence", false),
                  number("ts_us", false),
                  number("ts_ns", false),
                  text("schema", true),
                  text("table", true),
                  number("txId", false),
                  number("lsn", false),
                  number("xmin", false),
                  text("origin", false),
                  number("origin_lsn", false))),
          Map.of("connect.version", 1));

  private static final byte[] TRUE = "true".getBytes(US_ASCII);
  private static final byte[] FALSE = "false".getBytes(US_ASCII);
  private static final byte[] NULL = "null".getBytes(US_ASCII);

  private final byte[] version = VERSION.getBytes(UTF_8);
  private final byte[] connector = CONNECTOR.getBytes(UTF_8);
  private final byte[] name;
  private final byte[] database;
  private final byte[] schema;
  private final byte[] table;
  private final ByteWriter sequence = new ByteWriter(64);

  SourceBlock(String name, String database, String schema, String table) {
    this.name = name.getBytes(UTF_8);
    this.database = database.getBytes(UTF_8);
    this.schema = schema.getBytes(UTF_8);
    this.table = table.getBytes(UTF_8);
  }

  // The one field with a default, which makes null the second branch of its union.
  private static ValueType snapshotMarker() {
    Map<String, Object> annotations = new LinkedHashMap<>();
    annotations.put("connect.version", 1);
    annotations.put(
        "connect.parameters",
        Map.of(
            "allowed",
            "true,first,first_in_data_collection,last_in_data_collection,last,false,incremental"));
    annotations.put("connect.default", "false");
    annotations.put("connect.name", "io.debezium.data.Enum");
    return new ValueType.OneOf(
        List.of(new ValueType.Annotated(ValueType.Simple.STRING, annotations)));
  }

  private static RowShape.Field text(String name, boolean required) {
    return new RowShape.Field(name, ValueType.Simple.STRING, required, "");
  }

  private static RowShape.Field number(String name, boolean required) {
    return new RowShape.Field(name, ValueType.Simple.LONG, required, "");
  }

  void write(ValueWriter out, boolean snapshot, Transaction origin) {
    long micros = origin.commitMicros();
    out.beginStruct();
    text(out, 0, version);
    text(out, 1, connector);
    text(out, 2, name);
    number(out, 3, Math.floorDiv(micros, 1000L));
    out.field(4);
    out.alternative(0);
    byte[] marker = snapshot ? TRUE : FALSE;
    out.writeString(marker, 0, marker.length);
    text(out, 5, database);
    out.field(6);
    sequence(origin);
    out.writeString(sequence.array(), 0, sequence.position());
    number(out, 7, micros);
    number(out, 8, micros * 1000);
    text(out, 9, schema);
    text(out, 10, table);
    out.field(11);
    if (snapshot) {
      out.writeNull();
    } else {
      out.writeLong(origin.xid());
    }
    number(out, 12, origin.changeLsn());
    for (int field = 13; field < 16; field++) {
      out.field(field);
      out.writeNull();
    }
    out.endStruct();
  }

  /** {@code ["<end of the commit before>","<change>"]}, decimal; the first may be null. */
  private void sequence(Transaction origin) {
    sequence.reset();
    sequence.writeByte('[');
    if (origin.previousCommitEndLsn() == Lsn.INVALID) {
      sequence.writeBytes(NULL);
    } else {
      quoted(origin.previousCommitEndLsn());
    }
    sequence.writeByte(',');
    quoted(origin.changeLsn());
    sequence.writeByte(']');
  }

  private void quoted(long lsn) {
    sequence.writeByte('"');
    sequence.writeDigits(lsn);
    sequence.writeByte('"');
  }

  private static void text(ValueWriter out, int field, byte[] value) {
    out.field(field);
    out.writeString(value, 0, value.length);
  }

  private static void number(ValueWriter out, int field, long value) {
    out.field(field);
    out.writeLong(value);
  }
}
