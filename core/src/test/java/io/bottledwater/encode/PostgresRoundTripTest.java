package io.bottledwater.encode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.encode.avro.AvroFormat;
import io.bottledwater.encode.json.JsonFormat;
import io.bottledwater.postgres.Column;
import io.bottledwater.postgres.PgType;
import io.bottledwater.source.catalog.Catalog;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestPostgres;
import io.bottledwater.type.ColumnMapping;
import io.bottledwater.type.MappingScope;
import io.bottledwater.type.NulledValues;
import io.bottledwater.type.TypeMappings;
import io.bottledwater.type.TypeOptions;
import io.bottledwater.type.ValueDecoder;
import io.bottledwater.value.RowShape;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each type, with extreme values, through a real server: once as text and once as binary, compared
 * with what the server itself computes from the values.
 */
class PostgresRoundTripTest {
  /** A column's definition, and an expression for what Avro's reader must show. */
  private record Case(String name, String type, String expected, String... values) {}

  private static final Case[] CASES = {
    new Case("b", "boolean", "b::text", "true", "false"),
    new Case("i2", "smallint", "i2::text", "-32768", "32767", "0"),
    new Case("i4", "integer", "i4::text", "-2147483648", "2147483647", "0"),
    new Case("i8", "bigint", "i8::text", "-9223372036854775808", "9223372036854775807", "0"),
    new Case(
        "f4",
        "real",
        "encode(float4send(f4), 'hex')",
        "0",
        "-0",
        "0.1",
        "1e-45",
        "3.4028235e38",
        "NaN",
        "-Infinity",
        "1e6",
        "123456",
        "16777216"),
    new Case(
        "f8",
        "double precision",
        "encode(float8send(f8), 'hex')",
        "0",
        "-0",
        "0.1",
        "5e-324",
        "1.7976931348623157e308",
        "NaN",
        "Infinity",
        "1e15",
        "123456789012345",
        "0.00001",
        "0.0001",
        "2.2250738585072014e-308",
        "0.30000000000000004"),
    new Case("n", "numeric", "n::text", "0.00", "-12345.67800", "1e-50", "1e100", "NaN", "0.0001"),
    new Case(
        "n12", "numeric(12,2)", "(n12 * 100)::numeric(40,0)::text", "9999999999.99", "-0.01", "0"),
    new Case(
        "n38",
        "numeric(38,10)",
        "(n38 * 10000000000)::numeric(60,0)::text",
        "-9999999999999999999999999999.9999999999",
        "0.0000000001",
        "922337203.6854775808"),
    new Case(
        "m",
        "money",
        "(m::numeric * 100)::numeric(30,0)::text",
        "-92233720368547758.08",
        "92233720368547758.07",
        "1234.5",
        "0"),
    new Case(
        "d",
        "date",
        "CASE d WHEN 'infinity' THEN '2147483647' WHEN '-infinity' THEN '-2147483648'"
            + " ELSE (d - date '1970-01-01')::text END",
        "4713-01-01 BC",
        "5874897-12-31",
        "2000-02-29",
        "infinity",
        "-infinity",
        "1970-01-01",
        "0001-12-31 BC"),
    new Case(
        "t",
        "time",
        "(extract(hour from t) * 3600000000 + extract(minute from t) * 60000000"
            + " + extract(microseconds from t))::bigint::text",
        "00:00",
        "24:00:00",
        "23:59:59.999999",
        "01:02:03.45"),
    new Case(
        "ttz", "timetz", "ttz::text", "12:34:56.789+05:30", "24:00:00-15:59", "00:00-00:00:01"),
    new Case(
        "ts",
        "timestamp",
        micros("ts"),
        "4713-01-01 00:00:00 BC",
        "294246-12-31 23:59:59.999999",
        "infinity",
        "-infinity",
        "1969-12-31 23:59:59.999999",
        "2026-11-23 17:51:48.5"),
    new Case(
        "tstz",
        "timestamptz",
        micros("tstz"),
        "4713-01-02 00:00:00+00 BC",
        "294246-12-31 23:59:59.999999+00",
        "infinity",
        "-infinity",
        "1969-12-31 23:59:59.999999-07",
        "2026-11-23 17:51:48.5+05:30"),
    new Case(
        "iv",
        "interval",
        "concat(extract(year from iv) * 12 + extract(month from iv), '/', extract(day from iv), '/',"
            + " (extract(hour from iv)::numeric * 3600000000 + extract(minute from iv)::numeric *"
            + " 60000000 + extract(microseconds from iv)::numeric)::numeric(30,0))",
        "1 year 2 mons -3 days 04:05:06.789",
        "-1 year -2 mons 3 days -04:05:06",
        "0",
        "178000000 years",
        "-2147483648 days",
        "-1 day 00:00:01",
        "1000:00:00.000001",
        "-2000000:00:54.775807"),
    new Case("u", "uuid", "u::text", "00112233-4455-6677-8899-aabbccddeeff"),
    new Case("by", "bytea", "encode(by, 'hex')", "\\x", "\\x00ff5c78", "\\x0a"),
    new Case("tx", "text", "tx", "", "crêpes 😀 \\ \"q\"\t\r\n", "\u0001\u007f"),
    new Case("vc", "varchar(20)", "vc", "a ", ""),
    new Case("ch", "char(5)", "rpad(ch, 5)", "ab", ""),
    new Case("nm", "name", "nm::text", "Name"),
    new Case("en", "mood", "en::text", "sad", "very \"happy\""),
    new Case("ci", "citext", "ci::text", "CiText"),
    new Case("x", "xml", "x::text", "<a>1</a>"),
    new Case("ic", "\"char\"", "ic::text", "c"),
    new Case("inet", "inet", "format('%s', inet)", "10.0.0.1/8", "::1"),
    new Case("rng", "int4range", "rng::text", "[1,5)", "empty"),
    new Case("bits", "varbit", "bits::text", "1010"),
    new Case("pt", "point", "pt::text", "(1.5,-2)"),
    new Case("lsn", "pg_lsn", "lsn::text", "7FFFFFFF/FFFFFFFF"),
  };

  /** Where JSON is not what the server's to_json gives: numbers for strings, text as it was. */
  private static final Case[] OTHER_IN_JSON = {
    new Case("o", "oid", "o::text", "4294967295", "0"),
    new Case("xi", "xid", "xi::text", "4294967295"),
    new Case("ci", "cid", "ci::text", "4294967295"),
    new Case("js", "json", "js::text", "{\"a\" :\n [1.000, 1e400, \"\\n\"], \"a\": null}", "1"),
    new Case("jb", "jsonb", "jb::text", "{\"a\" : [1.000, \"x y\"]}", "\"\"", "null"),
  };

  @ParameterizedTest
  @ValueSource(ints = {10, 14, 15, 17, 18})
  void givesWhatTheServerItselfComputes(int version) throws Exception {
    try (TestDatabase database = TestPostgres.version(version).newDatabase();
        Connection connection = session(database)) {
      execute(connection, "CREATE TYPE mood AS ENUM ('sad', 'very \"happy\"')");
      execute(connection, "CREATE EXTENSION citext");
      List<Row> rows = roundTrip(connection, "t", CASES);
      for (Row row : rows) {
        String json = row.json();
        if (version >= 12) {
          assertThat(withoutMoney(json)).isEqualTo(withoutMoney(row.serverJson()));
        }
        // Before PostgreSQL 12, floating-point numbers have more digits than they need.
        String[] differing = version >= 12 ? new String[] {"m"} : new String[] {"m", "f4", "f8"};
        assertThat(isEqualToRow(connection, json, row.id(), differing)).as(json).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 17})
  void givesTheTypesWhoseJsonDiffersFromTheServers(int version) throws Exception {
    try (TestDatabase database = TestPostgres.version(version).newDatabase();
        Connection connection = session(database)) {
      List<Row> rows = roundTrip(connection, "t", OTHER_IN_JSON);
      assertThat(rows.get(0).json())
          .contains("\"o\":4294967295")
          .contains("\"xi\":4294967295")
          .contains("\"js\":{\"a\":[1.000,1e400,\"\\n\"],\"a\":null}")
          .contains("\"jb\":{\"a\":[1.000,\"x y\"]}");
    }
  }

  @Test
  void givesTypesThatOnlyNewServersHave() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase();
        Connection connection = session(database)) {
      List<Row> rows =
          roundTrip(
              connection,
              "t",
              new Case("x8", "xid8", "x8::text", "9223372036854775807", "0"),
              new Case("neg", "numeric(3,-2)", "neg::text", "-99900", "100"),
              new Case("tiny", "numeric(3,5)", "(tiny * 100000)::int::text", "0.00999", "-0.00001"),
              new Case("inf", "numeric", "inf::text", "Infinity", "-Infinity"),
              new Case(
                  "iv",
                  "interval",
                  "CASE iv WHEN 'infinity' THEN '2147483647/2147483647/9223372036854775807'"
                      + " WHEN '-infinity' THEN"
                      + " '-2147483648/-2147483648/-9223372036854775808' END",
                  "infinity",
                  "-infinity"));
      assertThat(rows.get(1).json())
          .isEqualTo(
              "{\"id\":2,\"x8\":0,\"neg\":100,\"tiny\":-0.00001,\"inf\":\"-Infinity\","
                  + "\"iv\":\"-infinity\"}");
    }
  }

  private record Row(int id, String json, String serverJson) {}

  /** Creates and fills the table, reads it both ways and checks Avro against the expectations. */
  private static List<Row> roundTrip(Connection connection, String table, Case... cases)
      throws SQLException, IOException {
    int rowCount = fill(connection, table, cases);
    List<PgType> types = new ArrayList<>();
    List<ColumnMapping> mappings = new ArrayList<>();
    RowShape shape = describe(connection, table, types, mappings);
    int columns = shape.fields().size();
    List<byte[][]> text =
        CopyRows.text(connection, "SELECT * FROM " + table + " ORDER BY id", columns);
    StringBuilder selection = new StringBuilder();
    for (int i = 0; i < columns; i++) {
      String column = shape.fields().get(i).name();
      selection.append(i == 0 ? "" : ", ");
      if (mappings.get(i).binary() == null) {
        // Not a cast, which may differ from the output function: '::1'::inet::text is ::1/128.
        column = "pg_catalog.textin(" + types.get(i).outputFunction() + "(" + column + "))";
      }
      selection.append(column);
    }
    List<byte[][]> binary =
        CopyRows.binary(connection, "SELECT " + selection + " FROM " + table + " ORDER BY id");
    assertThat(text).hasSize(rowCount);
    assertThat(binary).hasSize(rowCount);
    RecordingRegistry registry = new RecordingRegistry();
    RowWriter avro = new AvroFormat(registry).writerFor(shape);
    RowWriter json = new JsonFormat().writerFor(shape);
    Schema schema = new Schema.Parser().parse(registry.schema());
    List<Row> rows = new ArrayList<>();
    for (int r = 0; r < rowCount; r++) {
      byte[] fromText = write(avro, mappings, text.get(r), false);
      byte[] fromBinary = write(avro, mappings, binary.get(r), true);
      assertThat(HexFormat.of().formatHex(fromBinary))
          .isEqualTo(HexFormat.of().formatHex(fromText));
      byte[] jsonFromText = write(json, mappings, text.get(r), false);
      assertThat(write(json, mappings, binary.get(r), true))
          .asString(UTF_8)
          .isEqualTo(new String(jsonFromText, UTF_8));
      GenericRecord datum =
          new GenericDatumReader<GenericRecord>(schema)
              .read(
                  null, DecoderFactory.get().binaryDecoder(fromText, 5, fromText.length - 5, null));
      for (Case c : cases) {
        String expected =
            one(
                connection,
                "SELECT CASE WHEN %s IS NOT NULL THEN %s END FROM %s WHERE id = %d"
                    .formatted(c.name(), c.expected(), table, r + 1));
        assertThat(show(datum.get(c.name()), isDecimal(schema, c.name())))
            .as("%s in row %d", c.name(), r + 1)
            .isEqualTo(expected);
      }
      rows.add(
          new Row(
              r + 1,
              new String(jsonFromText, UTF_8),
              one(connection, "SELECT to_json(r) FROM " + table + " r WHERE id = " + (r + 1))));
    }
    return rows;
  }

  /** As many rows as the longest list of values; the others end in nulls. */
  private static int fill(Connection connection, String table, Case... cases) throws SQLException {
    StringBuilder definition = new StringBuilder("CREATE TABLE " + table + " (id int PRIMARY KEY");
    int rowCount = 0;
    for (Case c : cases) {
      definition.append(", ").append(c.name()).append(' ').append(c.type());
      rowCount = Math.max(rowCount, c.values().length);
    }
    execute(connection, definition + ")");
    for (int r = 0; r <= rowCount; r++) {
      StringBuilder insert = new StringBuilder("INSERT INTO " + table + " VALUES (" + (r + 1));
      List<String> values = new ArrayList<>();
      for (Case c : cases) {
        insert.append(", ");
        if (r < c.values().length) {
          insert.append("?::text::").append(c.type());
          values.add(c.values()[r]);
        } else {
          insert.append("NULL");
        }
      }
      try (PreparedStatement statement = connection.prepareStatement(insert + ")")) {
        for (int i = 0; i < values.size(); i++) {
          statement.setString(i + 1, values.get(i));
        }
        statement.executeUpdate();
      }
    }
    return rowCount + 1;
  }

  private static RowShape describe(
      Connection connection, String table, List<PgType> types, List<ColumnMapping> mappings)
      throws SQLException {
    List<RowShape.Field> fields = new ArrayList<>();
    Catalog catalog = new Catalog(connection);
    long oid =
        Long.parseLong(one(connection, "SELECT '" + table + "'::regclass::oid::bigint::text"));
    for (Column column : catalog.tables().table(oid).relation().columns()) {
      types.add(column.type());
      ColumnMapping mapping =
          new MappingScope(
                  new TypeMappings(TypeOptions.DEFAULTS, List.of("db")), false, new NulledValues())
              .map(column.type(), column.typmod());
      mappings.add(mapping);
      fields.add(new RowShape.Field(column.name(), mapping.valueType(), false, column.typeName()));
    }
    return new RowShape(table, false, table, List.of("db", "public"), fields);
  }

  private static byte[] write(
      RowWriter writer, List<ColumnMapping> mappings, byte[][] row, boolean binary) {
    writer.begin();
    for (int i = 0; i < row.length; i++) {
      writer.field(i);
      if (row[i] == null) {
        writer.writeNull();
        continue;
      }
      ValueDecoder wanted = binary ? mappings.get(i).binary() : null;
      ValueDecoder decoder = wanted == null ? mappings.get(i).text() : wanted;
      decoder.decode(row[i], 0, row[i].length, writer);
    }
    return writer.finish();
  }

  private static boolean isDecimal(Schema schema, String field) {
    return schema.getField(field).schema().getTypes().get(1).getLogicalType()
        instanceof LogicalTypes.Decimal;
  }

  /** The datum in the form of the expectations. */
  private static String show(Object datum, boolean decimal) {
    if (datum == null) {
      return null;
    }
    if (datum instanceof Float number) {
      return String.format("%08x", Float.floatToIntBits(number));
    }
    if (datum instanceof Double number) {
      return String.format("%016x", Double.doubleToLongBits(number));
    }
    if (datum instanceof GenericRecord interval) {
      return interval.get("months") + "/" + interval.get("days") + "/" + interval.get("micros");
    }
    if (datum instanceof ByteBuffer bytes) {
      return decimal
          ? new BigInteger(bytes.array()).toString()
          : HexFormat.of().formatHex(bytes.array());
    }
    return datum.toString();
  }

  /** By whole days and the rest, since before PostgreSQL 14 an epoch is a rounded double. */
  private static String micros(String column) {
    String since1970 = "(" + column + " AT TIME ZONE 'UTC')::timestamp";
    if (column.equals("ts")) {
      since1970 = column;
    }
    return ("CASE"
            + " WHEN isfinite(?) THEN ((?::date - date '1970-01-01')::numeric * 86400000000"
            + " + (extract(hour from ?) * 3600000000 + extract(minute from ?) * 60000000"
            + " + extract(microseconds from ?))::bigint)::text"
            + " WHEN ? > '2000-01-01' THEN '9223372036854775807'"
            + " WHEN ? < '2000-01-01' THEN '-9223372036854775808' END")
        .replace("?", since1970);
  }

  private static String withoutMoney(String json) {
    return json.replaceAll("\"m\":(\"[^\"]*\"|[^,]*),", "");
  }

  private static boolean isEqualToRow(
      Connection connection, String json, int id, String... differing) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT ?::text::jsonb - ? = to_json(r)::jsonb - ? FROM t r WHERE id = " + id)) {
      statement.setString(1, json);
      statement.setArray(2, connection.createArrayOf("text", differing));
      statement.setArray(3, connection.createArrayOf("text", differing));
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        return result.getBoolean(1);
      }
    }
  }

  private static Connection session(TestDatabase database) throws SQLException {
    Connection connection = database.open();
    for (String setting :
        new String[] {
          "TimeZone = 'UTC'",
          "DateStyle = 'ISO'",
          "IntervalStyle = 'postgres'",
          "bytea_output = 'hex'",
          "lc_monetary = 'C'",
          "extra_float_digits = 3"
        }) {
      execute(connection, "SET " + setting);
    }
    return connection;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String one(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }
}
