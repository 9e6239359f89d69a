package io.bottledwater.encode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bottledwater.encode.avro.AvroFormat;
import io.bottledwater.encode.avro.ClassicAvroFormat;
import io.bottledwater.encode.avro.ConnectAvroFormat;
import io.bottledwater.encode.json.JsonFormat;
import io.bottledwater.encode.protobuf.ProtobufFormat;
import io.bottledwater.postgres.Column;
import io.bottledwater.schema.SchemaRegistry;
import io.bottledwater.source.catalog.Catalog;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestPostgres;
import io.bottledwater.testkit.TypeSample;
import io.bottledwater.testkit.TypeSamples;
import io.bottledwater.type.ColumnMapping;
import io.bottledwater.type.MappingScope;
import io.bottledwater.type.NulledValues;
import io.bottledwater.type.NumericAs;
import io.bottledwater.type.SpecialValues;
import io.bottledwater.type.TypeMappings;
import io.bottledwater.type.TypeOptions;
import io.bottledwater.type.classic.ClassicMappings;
import io.bottledwater.type.debezium.DebeziumMappings;
import io.bottledwater.value.RowShape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/types.md} is derived: a row for each of the {@link TypeSamples}, which the round-trip
 * test sends through the pump, and in each row what the mappings themselves make of the type.
 */
class TypesPageTest {
  private static final int VERSION = 18;
  private static final String REWRITE =
      "./mvnw -q -B -ntp -pl core -am test -Dtest=TypesPageTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dbottledwater.docs=write";

  /** A column of the page: what a mapping makes of a column with an ordinary value. */
  private interface Mapping {
    String describe(Column column, byte[] text);
  }

  private record PageColumn(String title, Mapping mapping) {}

  private static final TypeMappings STANDARD =
      new TypeMappings(TypeOptions.DEFAULTS, List.of("db"));

  /** A new mapping gets a line here, and its words into the page. */
  private static final List<PageColumn> COLUMNS =
      List.of(
          new PageColumn("Avro", avro(STANDARD, AvroFormat::new, AvroWords::of)),
          new PageColumn("Protobuf", schema(STANDARD, ProtobufFormat::new, ProtobufWords::of)),
          new PageColumn("JSON, for instance", TypesPageTest::json),
          new PageColumn("JSON Schema", schema(STANDARD, JsonFormat::new, TypesPageTest::property)),
          new PageColumn(
              "classic Avro",
              avro(
                  new ClassicMappings(ZoneOffset.UTC.getRules(), SpecialValues.STOP),
                  ClassicAvroFormat::new,
                  AvroWords::of)),
          new PageColumn(
              "Debezium",
              avro(
                  new DebeziumMappings(NumericAs.Word.DECLARED, SpecialValues.STOP),
                  ConnectAvroFormat::new,
                  ConnectWords::of)));

  private static final String HEAD =
      """
      # How PostgreSQL's types are written

      Every value field may be null; key fields are required. In Avro each field carries its declared
      PostgreSQL type as the property `pg.type`, and a name that Avro does not allow is changed and
      kept in `doc`. Types that PostgreSQL does not bring with it are known by their extension. A
      type that is not listed is a string: PostgreSQL's own text.

      JSON is what `to_json` says, with a few departures: [decision 1](decisions/0001-json-is-to-json.md).
      How Protobuf's messages for lists and maps look, and what `--json-schema` registers, is said in
      [formats](formats.md). The classic mapping is that of `--type-mapping=classic`, and Debezium's, with
      its semantic names, that of `--envelope=debezium`: see [compatibility](compatibility.md). A number
      in parentheses is the first version of PostgreSQL that has the type.

      This page is derived from the mappings; each row is a test in each of them, with extreme values, in
      the snapshot and in the stream.
      """;

  private static final String SPECIAL =
      """
      ## Special values

      Some valid values do not fit what their column is written as:

      - NaN and the infinities in a decimal; under `--numeric=decimal(P,S)`, numbers that need more
        digits; under `--numeric=double`, numbers beyond the range of a double
      - arrays of several dimensions, or whose subscripts do not begin at 1
      - under `--enum=enum`, labels that were renamed since the change was made
      - composite values that were written before their type was altered: [decision 7](decisions/0007-altered-types.md)
      - timestamps beyond 294247-01-10 04:00:54 UTC, and an `xid8` beyond 2^63
      - in the classic mapping, a `numeric` beyond the range of a double, an infinite `interval` and one
        beyond 2^31 hours, and a `regproc` that is a function's name
      - in Debezium's, NaN and infinities in any `numeric` (not under `--numeric=string|double`), a
        `timetz` of 24:00:00, and an `interval` beyond 64 bits of microseconds

      `--special-values` says what becomes of them. `stop`, the default, stops the pump with
      `BW-VALUE-SPECIAL`, and names table, key, column and position. `null` writes null, counts and
      logs it, but in a key it stops. `string` turns a column that may have such values into a union
      with `string`, which then carries PostgreSQL's own text; columns of timestamps and `xid8` do not
      get one; the classic and Debezium's mappings have no place for such unions, and refuse `string`.
      Elements of arrays and attributes of composite values are treated each by itself.
      """;

  /** Extensions that no server of the tests has: {@link ExtensionTypesTest} has their values. */
  private static final String EXTENSIONS =
      """
      ## PostGIS and pgvector

      Well-known binary is as PostGIS sends it, with the identifier of the spatial reference system
      taken out and put beside it, 0 when there is none; Z and M stay flagged as PostGIS does it.
      """;

  @Test
  void pageSaysWhatTheMappingsDo() throws Exception {
    Path file = Path.of("").toAbsolutePath().getParent().resolve("docs/types.md");
    String derived = page();
    if ("write".equals(System.getProperty("bottledwater.docs"))) {
      Files.writeString(file, derived);
      return;
    }
    assertThat(Files.readString(file))
        .as("%s is out of date; rewrite it with: %s", file, REWRITE)
        .isEqualTo(derived);
  }

  private static String page() throws Exception {
    StringBuilder page = new StringBuilder(HEAD);
    try (TestDatabase database = TestPostgres.version(VERSION).newDatabase()) {
      TypeSamples.create(database, VERSION);
      for (TypeSamples.Section section : TypeSamples.SECTIONS) {
        page.append("\n## ").append(section.title()).append("\n\n");
        if (!section.text().isEmpty()) {
          page.append(section.text()).append("\n\n");
        }
        table(page, rows(database, section));
      }
    }
    page.append('\n').append(EXTENSIONS).append('\n');
    table(page, extensionRows());
    return page.append('\n').append(SPECIAL).toString();
  }

  private record Row(String name, int since, Column column, byte[] text) {}

  private static List<Row> rows(TestDatabase database, TypeSamples.Section section)
      throws Exception {
    database.execute("DROP TABLE IF EXISTS samples");
    TypeSamples.createTable(database, "samples", section.samples());
    TypeSamples.insert(database, "samples", section.samples(), 1);
    List<Row> rows = new ArrayList<>();
    try (Connection connection = database.open();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET lc_monetary = 'C';"
              + " SET extra_float_digits = 3; SET search_path = pg_catalog, public");
      long oid;
      try (ResultSet r = statement.executeQuery("SELECT 'samples'::regclass::oid::bigint")) {
        r.next();
        oid = r.getLong(1);
      }
      List<Column> columns = new Catalog(connection).tables().table(oid).relation().columns();
      try (ResultSet r = statement.executeQuery("SELECT * FROM samples WHERE id = 1")) {
        r.next();
        for (int i = 0; i < section.samples().size(); i++) {
          TypeSample sample = section.samples().get(i);
          rows.add(
              new Row(
                  sample.name(),
                  sample.since(),
                  columns.get(i + 1),
                  r.getString(i + 2).getBytes(UTF_8)));
        }
      }
    }
    return rows;
  }

  private static List<Row> extensionRows() {
    return ExtensionTypesTest.SAMPLES.stream()
        .map(sample -> new Row(sample.name(), 10, sample.column(), sample.text().getBytes(UTF_8)))
        .toList();
  }

  private static void table(StringBuilder page, List<Row> rows) {
    page.append("| PostgreSQL |");
    COLUMNS.forEach(column -> page.append(' ').append(column.title()).append(" |"));
    page.append("\n|---|").append("---|".repeat(COLUMNS.size())).append('\n');
    for (Row row : rows) {
      page.append("| `").append(row.name()).append('`');
      page.append(row.since() > 10 ? " (" + row.since() + ")" : "").append(" |");
      for (PageColumn column : COLUMNS) {
        String words = column.mapping().describe(row.column(), row.text());
        page.append(' ').append(words.replace("|", "\\|")).append(" |");
      }
      page.append('\n');
    }
  }

  private static Mapping avro(
      TypeMappings types,
      Function<SchemaRegistry, OutputFormat> format,
      Function<Schema, String> words) {
    return schema(
        types,
        format,
        text -> words.apply(new Schema.Parser().parse(text).getFields().get(0).schema()));
  }

  /** What a format's registered schema says. */
  private static Mapping schema(
      TypeMappings types,
      Function<SchemaRegistry, OutputFormat> format,
      Function<String, String> words) {
    return (column, text) -> {
      RecordingRegistry registry = new RecordingRegistry();
      format.apply(registry).writerFor(shape(column, mapping(types, column)));
      return words.apply(registry.schema());
    };
  }

  private static String property(String schema) {
    try {
      return JsonSchemaWords.of(new ObjectMapper().readTree(schema).at("/properties/v"));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static String json(Column column, byte[] text) {
    ColumnMapping mapping = mapping(STANDARD, column);
    RowWriter out = new JsonFormat().writerFor(shape(column, mapping));
    out.begin();
    out.field(0);
    mapping.text().decode(text, 0, text.length, out);
    String row = new String(out.finish(), UTF_8);
    return "`" + row.substring("{\"v\":".length(), row.length() - 1) + "`";
  }

  private static ColumnMapping mapping(TypeMappings types, Column column) {
    return new MappingScope(types, false, new NulledValues()).map(column.type(), column.typmod());
  }

  private static RowShape shape(Column column, ColumnMapping mapping) {
    return new RowShape(
        "t",
        false,
        "t",
        List.of("db", "public"),
        List.of(new RowShape.Field("v", mapping.valueType(), false, column.typeName())));
  }
}
