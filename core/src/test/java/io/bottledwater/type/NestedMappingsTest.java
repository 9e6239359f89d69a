package io.bottledwater.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bottledwater.postgres.PgType;
import io.bottledwater.type.Column.BuiltIn;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.SpecialValueException;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueType.Simple;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Types that are made of other types, and what becomes of values that they cannot hold. */
class NestedMappingsTest {
  private static final PgType INT4 = BuiltIn.INT4.pgType();
  private static final PgType TEXT = BuiltIn.TEXT.pgType();
  private static final PgType NUMERIC = BuiltIn.NUMERIC.pgType();
  private static final PgType PRICE = domain(NUMERIC, ((10 << 16) | 2) + 4);
  private static final PgType PAIR = Column.compositeType("pair", INT4, TEXT);

  private static PgType domain(PgType base, int typmod) {
    return new PgType(
        60_000, "shop", "d", "", base.outputFunction(), new PgType.Form.Domain(base, typmod));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|list0[]",
        "{a}|list1[string(a)]",
        "{a,NULL,b}|list3[string(a),null,string(b)]",
        "{\"NULL\",null,\"\"}|list3[string(NULL),string(null),string()]",
        "{\"a,b\",\"{x}\",\"q\\\"uo\\\\te\"}|list3[string(a,b),string({x}),string(q\"uo\\te)]",
        "{\" x \",crêpes 😀}|list2[string( x ),string(crêpes 😀)]",
      })
  void readsTextOfArrays(String text, String calls) {
    Column column = Column.arrayOf(TEXT);
    assertThat(column.valueType()).isEqualTo(new ValueType.ListOf(Simple.STRING));
    assertThat(column.text(text)).isEqualTo(calls);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "}",
        "{a",
        "a}",
        "{a,}",
        "{,a}",
        "{,}",
        "{\"a}",
        "{\"a\\\"}",
        "{\"a\"b}",
        "{a\"b}",
        "{a\\b}",
        "{a}b}",
        "{a,{b}}",
        "{\"a\",}",
        "{\"}",
        "{\"\\}"
      })
  void refusesMalformedTextOfArrays(String text) {
    assertThatThrownBy(() -> Column.arrayOf(TEXT).text(text))
        .isInstanceOf(MalformedValueException.class);
  }

  @Test
  void separatesBoxesBySemicolons() {
    PgType box = PgType.base(603, "pg_catalog", "box", "", "pg_catalog.box_out");
    assertThat(Column.arrayOf(box).text("{(1,1),(0,0);(3,3),(2,2)}"))
        .isEqualTo("list2[string((1,1),(0,0)),string((3,3),(2,2))]");
  }

  @Test
  void readsBinaryOfArrays() {
    Column column = Column.arrayOf(INT4);
    assertThat(column.binary(array(1, 23, 1, 7, null, -1)))
        .isEqualTo("list3[int(7),null,int(-1)]")
        .isEqualTo(column.text("{7,NULL,-1}"));
    assertThat(column.binary(ByteBuffer.allocate(12).putInt(8, 23).array())).isEqualTo("list0[]");
    for (byte[] malformed :
        List.of(new byte[0], array(1, 25, 1, 7), java.util.Arrays.copyOf(array(1, 23, 1, 7), 27))) {
      assertThatThrownBy(() -> column.binary(malformed))
          .isInstanceOf(MalformedValueException.class);
    }
    assertThatThrownBy(() -> column.binary(array(1, 23, 0, 7)))
        .isInstanceOf(SpecialValueException.class)
        .hasMessage("an array whose subscripts do not begin at 1");
    assertThatThrownBy(() -> column.binary(array(2, 23, 1, 7)))
        .isInstanceOf(SpecialValueException.class)
        .hasMessage("an array of several dimensions");
  }

  /** As array_send writes it, with one dimension whatever {@code dimensions} says. */
  private static byte[] array(int dimensions, int oid, int lower, Integer... elements) {
    ByteBuffer bytes = ByteBuffer.allocate(20 + 8 * elements.length);
    bytes.putInt(dimensions).putInt(0).putInt(oid).putInt(elements.length).putInt(lower);
    for (Integer element : elements) {
      if (element == null) {
        bytes.putInt(-1);
      } else {
        bytes.putInt(4).putInt(element);
      }
    }
    return java.util.Arrays.copyOf(bytes.array(), bytes.position());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{{1,2},{3,4}}", "{{{1}}}"})
  void refusesSeveralDimensionsAndOtherSubscripts(String text) {
    assertThatThrownBy(() -> Column.arrayOf(INT4).text(text))
        .isInstanceOf(SpecialValueException.class)
        .hasMessage("an array of several dimensions");
    assertThatThrownBy(() -> Column.arrayOf(INT4).text("[0:0]={1}"))
        .isInstanceOf(SpecialValueException.class)
        .hasMessage("an array whose subscripts do not begin at 1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "(1,a)|struct{0:int(1),1:string(a)}",
        "(,)|struct{0:null,1:null}",
        "(1,\"\")|struct{0:int(1),1:string()}",
        "(1,\"a,b\"\"c\\\\d)(\")|struct{0:int(1),1:string(a,b\"c\\d)()}",
        "(\"1\",\" x\")|struct{0:int(1),1:string( x)}",
      })
  void readsTextOfComposites(String text, String calls) {
    Column column = Column.of(PAIR);
    assertThat(column.valueType())
        .isInstanceOfSatisfying(
            ValueType.Struct.class,
            struct -> {
              assertThat(struct.name()).isEqualTo("pair");
              assertThat(struct.namespace()).containsExactly("db", "shop");
              assertThat(struct.fields().get(1).name()).isEqualTo("a1");
            });
    assertThat(column.text(text)).isEqualTo(calls);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "(", ")", "(1,a", "1,a)", "(1,\"a)", "(1,\"a\"b)", "(1,a\"b)", "(1,a)b)"})
  void refusesMalformedTextOfComposites(String text) {
    assertThatThrownBy(() -> Column.of(PAIR).text(text))
        .isInstanceOf(MalformedValueException.class);
  }

  @Test
  void refusesCompositesOfAnotherShape() {
    Column column = Column.of(PAIR);
    for (String text : new String[] {"()", "(1)", "(1,a,)", "(1,a,b,c)"}) {
      assertThatThrownBy(() -> column.text(text))
          .isInstanceOf(SpecialValueException.class)
          .hasMessage("a composite value from before its type was altered");
    }
    assertThat(Column.of(Column.compositeType("empty")).text("()")).isEqualTo("struct{}");
    assertThat(Column.of(Column.compositeType("one", INT4)).text("()")).isEqualTo("struct{0:null}");
  }

  @Test
  void readsBinaryOfComposites() {
    Column column = Column.of(PAIR);
    ByteBuffer bytes = ByteBuffer.allocate(4 + 12 + 8);
    bytes.putInt(2).putInt(23).putInt(4).putInt(7).putInt(25).putInt(-1);
    assertThat(column.binary(bytes.array())).isEqualTo("struct{0:int(7),1:null}");
    assertThatThrownBy(() -> column.binary(bytes.putInt(4, 20).array()))
        .isInstanceOf(SpecialValueException.class);
    assertThatThrownBy(() -> column.binary(bytes.putInt(0, 3).array()))
        .isInstanceOf(MalformedValueException.class);
  }

  @Test
  void readsTypesInsideTypes() {
    PgType inner = Column.compositeType("inner", Column.arrayType(TEXT), PRICE);
    PgType outer = Column.compositeType("outer", inner, Column.arrayType(inner));
    assertThat(
            Column.of(outer)
                .text(
                    "(\"(\"\"{a,\"\"\"\"b \\\\\\\\\"\"\"\"c\"\"\"\"}\"\",1.50)\",\"{\"\"(,2)\"\"}\")"))
        .isEqualTo(
            "struct{0:struct{0:list2[string(a),string(b \"c)],1:decimal(150,2)},"
                + "1:list1[struct{0:null,1:decimal(200,2)}]}");
    assertThat(Column.of(domain(Column.arrayType(PRICE), -1)).text("{1,NULL}"))
        .isEqualTo("list2[decimal(100,2),null]");
  }

  @Test
  void mapsExtensionTypesOfTheirExtensionOnly() {
    PgType hstore = PgType.base(70_000, "ext", "hstore", "hstore", "ext.hstore_out");
    assertThat(Column.of(hstore).text("\"a\"=>\"1\", \"q\\\"\\\\\"=>NULL, \"\"=>\"\""))
        .isEqualTo("map3{a:string(1),q\"\\:null,:string()}");
    assertThat(Column.of(hstore).text("")).isEqualTo("map0{}");
    // Its lengths are those of another encoding where the server's is not UTF-8.
    assertThat(Column.of(hstore).hasBinary()).isFalse();
    for (String text :
        new String[] {"a", "\"a\"", "\"a\"=>", "\"a\"=>NUL", "\"a\"=>\"b\",", "\"a\"=>\"b"}) {
      assertThatThrownBy(() -> Column.of(hstore).text(text))
          .isInstanceOf(MalformedValueException.class);
    }
    assertThat(Column.of(PgType.base(70_000, "ext", "hstore", "", "ext.hstore_out")).valueType())
        .isEqualTo(Simple.STRING);
  }

  /** The texts are of PostGIS's manual and of what {@code SELECT geom} shows. */
  @Test
  void splitsGeometriesIntoWellKnownBinaryAndSrid() {
    Column geometry = Column.of(PgType.base(70_001, "gis", "geometry", "postgis", "gis.out"));
    // SRID=4326;POINT(1 2), little-endian.
    String point = "0101000020E6100000000000000000F03F0000000000000040";
    assertThat(geometry.text(point))
        .isEqualTo("struct{0:bytes(0101000000000000000000f03f0000000000000040),1:int(4326)}")
        .isEqualTo(geometry.binary(java.util.HexFormat.of().parseHex(point)));
    // POINT(1 2) without one, and POINT Z (1 2 3) big-endian.
    assertThat(geometry.text("0101000000000000000000F03F0000000000000040"))
        .isEqualTo("struct{0:bytes(0101000000000000000000f03f0000000000000040),1:int(0)}");
    assertThat(geometry.text("00A0000001000010E63FF000000000000040000000000000004008000000000000"))
        .isEqualTo(
            "struct{0:bytes(00800000013ff000000000000040000000000000004008000000000000),"
                + "1:int(4326)}");
    for (String text :
        new String[] {"", "0", "01", "0101000020E61000", "02010000", "zz", "POINT"}) {
      assertThatThrownBy(() -> geometry.text(text)).isInstanceOf(MalformedValueException.class);
    }
  }

  @Test
  void readsVectors() {
    Column vector = Column.of(PgType.base(70_002, "public", "vector", "vector", "out"));
    assertThat(vector.valueType()).isEqualTo(new ValueType.ListOf(Simple.FLOAT, true));
    assertThat(vector.text("[1,-2.5,3e-05]"))
        .isEqualTo("list3[float(1.0),float(-2.5),float(3.0E-5)]");
    assertThat(vector.binary(0, 1, 0, 0, 0x3F, 0x80, 0, 0)).isEqualTo("list1[float(1.0)]");
    for (String text : new String[] {"", "[", "[1", "[,]", "[1,]", "[a]", "1"}) {
      assertThatThrownBy(() -> vector.text(text)).isInstanceOf(MalformedValueException.class);
    }
    assertThat(Column.of(PgType.base(70_003, "public", "sparsevec", "vector", "out")).text("{}/3"))
        .isEqualTo("string({}/3)");
  }

  private static final PgType MOOD =
      new PgType(
          80_000,
          "shop",
          "mood",
          "",
          "pg_catalog.enum_out",
          new PgType.Form.Enumeration(List.of("sad", "crêpes", "happy")));

  @Test
  void writesEnumsAsEnumerationsWhenToldTo() {
    Column mood =
        Column.of(MOOD, new TypeOptions(NumericAs.Word.DECLARED, true, SpecialValues.STOP));
    assertThat(mood.valueType())
        .isEqualTo(
            new ValueType.Enumeration(
                "mood", List.of("db", "shop"), List.of("sad", "crêpes", "happy")));
    assertThat(mood.text("happy")).isEqualTo("enum(2)");
    assertThat(mood.text("crêpes")).isEqualTo("enum(1)");
    assertThat(mood.binary('s', 'a', 'd')).isEqualTo("enum(0)");
    assertThatThrownBy(() -> mood.text("new")).isInstanceOf(SpecialValueException.class);
  }

  @Test
  void writesNullForSpecialValuesWhenToldTo() {
    TypeOptions options = new TypeOptions(NumericAs.Word.DECLARED, true, SpecialValues.NULL);
    Column prices = Column.of(Column.arrayType(PRICE), options);
    assertThat(prices.text("{1,NaN,Infinity}")).isEqualTo("list3[decimal(100,2),null,null]");
    assertThat(prices.nulledValues()).isEqualTo(2);
    assertThat(prices.text("{{1},{2}}")).isEqualTo("null");
    assertThat(Column.of(BuiltIn.TIMESTAMP.pgType(), options).text("294276-01-01 00:00:00"))
        .isEqualTo("null");
    assertThat(Column.of(MOOD, options).text("new")).isEqualTo("null");
  }

  @Test
  void writesTextForSpecialValuesWhenToldTo() {
    TypeOptions options = new TypeOptions(NumericAs.Word.DECLARED, true, SpecialValues.STRING);
    Column prices = Column.of(Column.arrayType(PRICE), options);
    assertThat(prices.valueType())
        .isEqualTo(
            new ValueType.OneOf(
                List.of(
                    new ValueType.ListOf(
                        new ValueType.OneOf(List.of(new ValueType.Decimal(10, 2), Simple.STRING))),
                    Simple.STRING)));
    assertThat(prices.text("{1,NULL,NaN}"))
        .isEqualTo("0|list3[0|decimal(100,2),null,1|string(NaN)]");
    assertThat(prices.text("[2:2]={1}")).isEqualTo("1|string([2:2]={1})");
    assertThat(prices.hasBinary()).isFalse();
    assertThat(Column.of(MOOD, options).binary('n', 'e', 'w')).isEqualTo("1|string(new)");
    assertThat(Column.of(BuiltIn.TIMESTAMP.pgType(), options).valueType())
        .isEqualTo(Simple.TIMESTAMP);
  }

  @Test
  void writesNumericAsToldTo() {
    PgType price = PRICE;
    assertThat(numeric(price, NumericAs.Word.STRING).text("1.50")).isEqualTo("numeric(1.50)");
    Column asDouble = numeric(price, NumericAs.Word.DOUBLE);
    assertThat(asDouble.text("1.50")).isEqualTo("double(1.5)");
    assertThat(asDouble.text("NaN")).isEqualTo("double(NaN)");
    assertThatThrownBy(() -> asDouble.text("1" + "0".repeat(400)))
        .isInstanceOf(SpecialValueException.class);
    assertThatThrownBy(() -> asDouble.text("1e5")).isInstanceOf(MalformedValueException.class);
    Column fixed = numeric(NUMERIC, new NumericAs.Fixed(new ValueType.Decimal(6, 3)));
    assertThat(fixed.text("1.5")).isEqualTo("decimal(1500,3)");
    for (String text : new String[] {"1000", "1.0001", "NaN"}) {
      assertThatThrownBy(() -> fixed.text(text)).isInstanceOf(SpecialValueException.class);
    }
  }

  private static Column numeric(PgType type, NumericAs as) {
    return Column.of(type, new TypeOptions(as, false, SpecialValues.STOP));
  }
}
