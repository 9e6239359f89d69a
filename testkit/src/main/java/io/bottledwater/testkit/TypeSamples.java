package io.bottledwater.testkit;

import java.util.ArrayList;
import java.util.List;

/**
 * The types that {@code docs/types.md} lists and that the round-trip test sends through the pump:
 * one list for both, so that every row of the page is tested.
 */
public final class TypeSamples {
  /**
   * A part of the page.
   *
   * @param text a sentence or two in Markdown, perhaps empty
   */
  public record Section(String title, String text, List<TypeSample> samples) {
    public Section {
      samples = List.copyOf(samples);
    }
  }

  private static final String ONE_UNIT =
      "concat(extract(year from ?) * 12 + extract(month from ?), ' ', extract(day from ?), ' ',"
          + " (extract(hour from ?)::numeric * 3600000000 + extract(minute from ?)::numeric *"
          + " 60000000 + extract(microseconds from ?)::numeric)::numeric(30,0))";

  private static final String LONG_NUMBER = "1234567890".repeat(100);

  public static final List<Section> SECTIONS =
      List.of(
          new Section(
              "Numbers",
              "`numeric` as declared; see `--numeric` for other choices. NaN and the infinities do"
                  + " not fit a decimal: see special values. A negative scale becomes scale 0 with"
                  + " the digits that takes, a scale above the precision raises the precision.",
              List.of(
                  TypeSample.of("boolean", "true", "false"),
                  TypeSample.of("smallint", "-32768", "32767", "0"),
                  TypeSample.of("integer", "-2147483648", "2147483647", "0"),
                  TypeSample.of("bigint", "-9223372036854775808", "9223372036854775807", "0"),
                  TypeSample.of(
                          "real",
                          "0.1",
                          "-0",
                          "1e-45",
                          "3.4028235e38",
                          "NaN",
                          "-Infinity",
                          "16777216")
                      // JSON's numbers have no negative zero.
                      .json("to_json(?::text)"),
                  TypeSample.of(
                          "double precision",
                          "0.30000000000000004",
                          "-0",
                          "5e-324",
                          "1.7976931348623157e308",
                          "NaN",
                          "Infinity",
                          "1e15")
                      .json("to_json(?::text)"),
                  TypeSample.of(
                      "numeric(12,2)", "1234567890.12", "9999999999.99", "-9999999999.99", "0"),
                  TypeSample.of(
                      "numeric(38,10)",
                      "0.0000000001",
                      "-9999999999999999999999999999.9999999999",
                      "922337203.6854775808"),
                  TypeSample.of("numeric(3,-2)", "-99900", "100").since(15),
                  TypeSample.of("numeric(3,5)", "0.00999", "-0.00001").since(15),
                  TypeSample.of(
                      "numeric",
                      "12345.67800",
                      LONG_NUMBER,
                      "-0." + LONG_NUMBER,
                      "1e-50",
                      "0.00",
                      "NaN"),
                  TypeSample.of("money", "1234.5", "-92233720368547758.08", "92233720368547758.07")
                      .json("to_json(?::numeric)"),
                  TypeSample.of("oid", "4294967295", "0").json("to_json(?::bigint)"),
                  TypeSample.of("xid", "4294967295", "3").json("to_json(?::text::bigint)"),
                  TypeSample.of("cid", "4294967295", "0").json("to_json(?::text::bigint)"),
                  TypeSample.of("xid8", "9223372036854775807", "0")
                      .json("to_json(?::text::bigint)")
                      .since(13))),
          new Section(
              "Dates and times",
              "`infinity` is the greatest or least value of the type that it is written as, as"
                  + " PostgreSQL stores it. A timestamp beyond 294247-01-10 04:00:54 UTC does not"
                  + " fit a count of microseconds since 1970: see special values.",
              List.of(
                  TypeSample.of(
                      "date",
                      "2026-11-24",
                      "4713-01-01 BC",
                      "5874897-12-31",
                      "infinity",
                      "-infinity",
                      "0001-12-31 BC"),
                  TypeSample.of("time", "12:34:56.789", "00:00", "24:00:00", "23:59:59.999999"),
                  TypeSample.of("timetz", "12:34:56.789+05:30", "24:00:00-15:59", "00:00-00:00:01"),
                  TypeSample.of(
                      "timestamp",
                      "2026-11-24 12:34:56.789",
                      "4713-01-01 00:00:00 BC",
                      "294246-12-31 23:59:59.999999",
                      "infinity",
                      "-infinity"),
                  TypeSample.of(
                      "timestamptz",
                      "2026-11-24 12:34:56.789+02",
                      "4713-01-02 00:00:00+00 BC",
                      "294246-12-31 23:59:59.999999+00",
                      "infinity",
                      "-infinity"),
                  TypeSample.of(
                          "interval",
                          "1 year 2 mons -3 days 04:05:06.789",
                          "-1 year -2 mons 3 days -04:05:06",
                          "0",
                          "178000000 years",
                          "-2147483648 days",
                          "-2000000:00:54.775807")
                      .json("to_json(" + ONE_UNIT + ")"))),
          new Section(
              "Text and bytes",
              "Characters are UTF-8 whatever the database's encoding is.",
              List.of(
                  TypeSample.of("text", "crêpes 😀 \\ \"q\"\t\r\n", "", "\u0001\u007f"),
                  TypeSample.of("varchar(20)", "a ", ""),
                  TypeSample.of("char(5)", "ab", ""),
                  TypeSample.of("name", "Name", ""),
                  TypeSample.of("\"char\"", "c", ""),
                  TypeSample.of("ext.citext", "CiText", ""),
                  TypeSample.of("bytea", "\\x00ff5c78", "\\x"),
                  TypeSample.of("uuid", "00112233-4455-6677-8899-aabbccddeeff"),
                  TypeSample.of("json", "{\"a\" : [1.000, 1e400, \"\\n\"], \"a\": null}", "1")
                      .json("to_json(?::text)"),
                  TypeSample.of("jsonb", "{\"a\" : [1.000, \"x y\"]}", "\"\"", "null")
                      .json("to_json(?::text)"),
                  TypeSample.of("xml", "<a>1</a>", ""),
                  TypeSample.of("types.mood", "very \"happy\"", "sad", "crêpes"))),
          new Section(
              "Types that are written as PostgreSQL's own text",
              "",
              List.of(
                  TypeSample.of("inet", "10.0.0.1/8", "::1"),
                  TypeSample.of("cidr", "10.0.0.0/8", "::1/128"),
                  TypeSample.of("macaddr", "08:00:2b:01:02:03"),
                  TypeSample.of("macaddr8", "08:00:2b:01:02:03:04:05"),
                  TypeSample.of("bit(4)", "1010"),
                  TypeSample.of("varbit", "10101", ""),
                  TypeSample.of("point", "(1.5,-2)"),
                  TypeSample.of("line", "{1,2,3}"),
                  TypeSample.of("lseg", "[(1,2),(3,4)]"),
                  TypeSample.of("box", "(3,4),(1,2)"),
                  TypeSample.of("path", "((1,2),(3,4))", "[(1,2),(3,4)]"),
                  TypeSample.of("polygon", "((1,2),(3,4),(5,6))"),
                  TypeSample.of("circle", "<(1,2),3>"),
                  TypeSample.of("int4range", "[1,5)", "empty", "(,)"),
                  TypeSample.of("int8range", "[1,9223372036854775807)"),
                  TypeSample.of("numrange", "(1.50,2.500]"),
                  TypeSample.of("daterange", "[2026-01-01,infinity)"),
                  TypeSample.of("tsrange", "[\"2026-01-01 00:00:00\",\"2026-01-02 00:00:00\")"),
                  TypeSample.of(
                      "tstzrange", "[\"2026-01-01 00:00:00+00\",\"2026-01-02 00:00:00+00\")"),
                  TypeSample.of("types.textrange", "[\"a \"\"q\"\" \\\\ b\",z)"),
                  TypeSample.of("int4multirange", "{[1,3),[5,8)}", "{}").since(14),
                  TypeSample.of(
                          "datemultirange", "{[2026-01-01,2026-01-05),[2026-02-01,2026-02-02)}")
                      .since(14),
                  TypeSample.of("tsvector", "'a':1A 'it''s':2"),
                  TypeSample.of("tsquery", "'a' & !'b'"),
                  TypeSample.of("jsonpath", "$.\"a\"[*]?(@ > 1)").since(12),
                  TypeSample.of("pg_lsn", "7FFFFFFF/FFFFFFFF", "0/0"),
                  TypeSample.of("tid", "(1,2)"),
                  TypeSample.of("regclass", "pg_class"),
                  TypeSample.of("int2vector", "1 2 3").json("to_json(?::text)"),
                  TypeSample.of("txid_snapshot", "10:20:10,14,15"),
                  TypeSample.of("ext.ltree", "Top.Science", ""),
                  TypeSample.of("ext.cube", "(1, 2),(3, 4)"))),
          new Section(
              "Arrays",
              "An array is a list whose elements may be null. A list has neither dimensions nor"
                  + " subscripts: see special values.",
              List.of(
                  TypeSample.of("integer[]", "{1,NULL,-2147483648}", "{}"),
                  TypeSample.of("bigint[][]", "{9223372036854775807}"),
                  TypeSample.of("boolean[]", "{t,f,NULL}"),
                  TypeSample.of("double precision[]", "{0.1,NaN,-Infinity,NULL}"),
                  TypeSample.of("numeric(10,2)[]", "{1.50,NULL,-99999999.99}"),
                  TypeSample.of("numeric[]", "{1.500,NaN,1e-20}"),
                  TypeSample.of(
                      "text[]",
                      "{a,\"\",NULL,\"NULL\",\"q\\\"uo\\\\te\",\"{x,y}\",\"crêpes 😀\",\" s \"}"),
                  TypeSample.of("bytea[]", "{\"\\\\x00ff\",NULL}"),
                  TypeSample.of("date[]", "{2026-11-24,infinity,\"0044-03-15 BC\"}"),
                  TypeSample.of("timestamptz[]", "{\"2026-11-24 12:34:56+00\",infinity}"),
                  TypeSample.of("uuid[]", "{00112233-4455-6677-8899-aabbccddeeff}"),
                  TypeSample.of("jsonb[]", "{\"{\\\"a\\\": \\\"b\\\\\\\\n\\\"}\",NULL}")
                      .json("to_json(?::text[])"),
                  TypeSample.of("inet[]", "{10.0.0.1/8}"),
                  TypeSample.of("box[]", "{(3,4),(1,2);(1,1),(0,0)}"),
                  TypeSample.of("int4range[]", "{\"[1,5)\",empty}"),
                  TypeSample.of("types.mood[]", "{sad,\"very \\\"happy\\\"\",NULL}"),
                  TypeSample.of("ext.hstore[]", "{\"\\\"a\\\"=>\\\"1\\\"\",NULL}"))),
          new Section(
              "Composite types, domains and maps",
              "A composite type is a record of its attributes, each of which may be null, in the"
                  + " schema's namespace; the row type of a table likewise. A domain is written as"
                  + " its base type, in the classic mapping as text. Here, `address` is `CREATE TYPE types.address AS (street text,"
                  + " no integer)`, `person` is `(name text, home types.address, others"
                  + " types.address[], born date, price numeric(10,2))`, `price` a domain over"
                  + " `numeric(10,2)`, `tags` over `text[]`, and `place` over `address`.",
              List.of(
                  TypeSample.of(
                      "types.address", "(\"crêpes, \"\"q\"\" \\\\ (x)\",12)", "(,)", "(\"\",0)"),
                  TypeSample.of(
                      "types.person",
                      "(Ann,\"(\"\"Main St\"\",1)\","
                          + "\"{\"\"(\\\\\"\"a \\\\\"\"\\\\\"\"b\\\\\"\"\\\\\"\"\\\\\"\",2)\"\",NULL}\","
                          + "2000-02-29,1.50)",
                      "(,,,,)",
                      "(\"\",\"(,)\",{},infinity,-99999999.99)"),
                  TypeSample.of("types.address[]", "{\"(\\\"a, b\\\",1)\",NULL,\"(,)\"}", "{}"),
                  TypeSample.of("types.person[]", "{\"(Ann,\\\"(x,1)\\\",{},,)\"}"),
                  TypeSample.of("types.price", "1.50", "-99999999.99"),
                  TypeSample.of("types.price[]", "{1.50,NULL}").since(11),
                  TypeSample.of("types.tags", "{a,NULL,\"b c\"}"),
                  TypeSample.of("types.feeling", "sad"),
                  TypeSample.of("types.place", "(x,1)").since(11),
                  TypeSample.of(
                      "ext.hstore", "\"a\"=>\"1\", \"q\\\"\\\\\"=>NULL, \"\"=>\"crêpes\"", ""))));

  private TypeSamples() {}

  /** All samples that a server of this major version can hold. */
  public static List<TypeSample> of(int version) {
    List<TypeSample> samples = new ArrayList<>();
    for (Section section : SECTIONS) {
      for (TypeSample sample : section.samples()) {
        if (sample.since() <= version) {
          samples.add(sample);
        }
      }
    }
    return samples;
  }

  /** Creates the types that the samples use, in the schemas {@code types} and {@code ext}. */
  public static void create(TestDatabase database, int version) {
    database.execute(
        "CREATE SCHEMA ext",
        "CREATE EXTENSION hstore SCHEMA ext",
        "CREATE EXTENSION citext SCHEMA ext",
        "CREATE EXTENSION ltree SCHEMA ext",
        "CREATE EXTENSION cube SCHEMA ext",
        "CREATE SCHEMA types",
        "CREATE TYPE types.mood AS ENUM ('sad', 'crêpes', 'very \"happy\"')",
        "CREATE TYPE types.textrange AS RANGE (subtype = text)",
        "CREATE TYPE types.address AS (street text, gone integer, no integer)",
        "ALTER TYPE types.address DROP ATTRIBUTE gone",
        "CREATE TYPE types.person AS (name text, home types.address, others types.address[],"
            + " born date, price numeric(10,2))",
        "CREATE DOMAIN types.price AS numeric(10,2) CHECK (VALUE <> 13)",
        "CREATE DOMAIN types.tags AS text[]",
        "CREATE DOMAIN types.feeling AS types.mood");
    if (version >= 11) {
      database.execute("CREATE DOMAIN types.place AS types.address");
    }
  }

  /**
   * Creates a table with a column {@code c0, c1, ...} for each sample beside {@code id}.
   *
   * @param table its quoted name
   */
  public static void createTable(TestDatabase database, String table, List<TypeSample> samples) {
    StringBuilder sql = new StringBuilder("CREATE TABLE " + table + " (id integer PRIMARY KEY");
    for (int i = 0; i < samples.size(); i++) {
      sql.append(", c").append(i).append(' ').append(samples.get(i).type());
    }
    database.execute(sql.append(")").toString());
  }

  /**
   * Inserts as many rows as the longest list of values, and one of nulls; shorter lists end in
   * nulls.
   *
   * @param firstId the id of the first row
   * @return how many rows
   */
  public static int insert(
      TestDatabase database, String table, List<TypeSample> samples, int firstId) {
    int rows = 1 + samples.stream().mapToInt(sample -> sample.values().size()).max().orElse(0);
    List<String> statements = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      StringBuilder sql = new StringBuilder("INSERT INTO " + table + " VALUES (" + (firstId + row));
      for (TypeSample sample : samples) {
        sql.append(", ");
        if (row < sample.values().size()) {
          String value = sample.values().get(row);
          sql.append("E'").append(value.replace("\\", "\\\\").replace("'", "''")).append("'");
        } else {
          sql.append("NULL");
        }
      }
      statements.add(sql.append(")").toString());
    }
    database.execute(statements.toArray(new String[0]));
    return rows;
  }
}
