package io.bottledwater.type;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bottledwater.postgres.PgType;
import io.bottledwater.value.ValueType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** A column of one type, for tests: what its decoders make of text and bytes. */
final class Column {
  private final ColumnMapping mapping;
  private final NulledValues nulled = new NulledValues();
  private final RecordingWriter writer = new RecordingWriter();

  private Column(PgType type, int typmod) {
    this(type, typmod, TypeOptions.DEFAULTS);
  }

  private Column(PgType type, int typmod, TypeOptions options) {
    this(type, typmod, new TypeMappings(options, List.of("db")));
  }

  private Column(PgType type, int typmod, TypeMappings types) {
    this.mapping = new MappingScope(types, false, nulled).map(type, typmod);
  }

  static Column of(PgType type, int typmod, TypeMappings types) {
    return new Column(type, typmod, types);
  }

  static Column of(BuiltIn type) {
    return new Column(type.pgType(), -1);
  }

  static Column of(PgType type) {
    return new Column(type, -1);
  }

  static Column arrayOf(PgType element) {
    return of(arrayType(element));
  }

  static PgType arrayType(PgType element) {
    return new PgType(
        element.oid() + 100_000,
        "pg_catalog",
        "_" + element.name(),
        "",
        "pg_catalog.array_out",
        new PgType.Form.Array(element, element.name().equals("box") ? ';' : ','));
  }

  static PgType compositeType(String name, PgType... attributes) {
    List<PgType.Attribute> list = new java.util.ArrayList<>();
    for (PgType attribute : attributes) {
      list.add(new PgType.Attribute("a" + list.size(), attribute, -1, attribute.name()));
    }
    return new PgType(
        50_000, "shop", name, "", "pg_catalog.record_out", new PgType.Form.Composite(list));
  }

  static Column of(PgType type, TypeOptions options) {
    return new Column(type, -1, options);
  }

  static Column of(BuiltIn type, int typmod) {
    return new Column(type.pgType(), typmod);
  }

  static Column numeric(int precision, int scale) {
    return new Column(BuiltIn.NUMERIC.pgType(), ((precision << 16) | (scale & 0x7FF)) + 4);
  }

  ValueType valueType() {
    return mapping.valueType();
  }

  long nulledValues() {
    return nulled.count();
  }

  /** What a decoder wrote before it refused the rest, as a row's writer begins anew. */
  void forget() {
    writer.forget();
  }

  boolean hasBinary() {
    return mapping.binary() != null;
  }

  String text(String value) {
    return textBytes(value.getBytes(UTF_8));
  }

  String textBytes(byte[] value) {
    return decode(mapping.text(), value);
  }

  String binary(byte[] value) {
    return decode(mapping.binary(), value);
  }

  String binary(int... bytes) {
    byte[] value = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      value[i] = (byte) bytes[i];
    }
    return binary(value);
  }

  String binaryInt(int value) {
    return binary(ByteBuffer.allocate(4).putInt(value).array());
  }

  String binaryLong(long value) {
    return binary(ByteBuffer.allocate(8).putLong(value).array());
  }

  /** In the middle of an array of digits, so that reading too far changes the result. */
  private String decode(ValueDecoder decoder, byte[] value) {
    byte[] surrounded = new byte[value.length + 32];
    Arrays.fill(surrounded, (byte) '7');
    System.arraycopy(value, 0, surrounded, 16, value.length);
    decoder.decode(surrounded, 16, value.length, writer);
    Arrays.fill(surrounded, (byte) '!');
    return writer.take();
  }

  /** PostgreSQL's own types with their OIDs. */
  enum BuiltIn {
    BOOL(16),
    BYTEA(17),
    INTERNAL_CHAR(18),
    NAME(19),
    INT8(20),
    INT2(21),
    INT4(23),
    REGPROC(24),
    TEXT(25),
    OID(26),
    TID(27),
    XID(28),
    CID(29),
    JSON(114),
    XML(142),
    POINT(600),
    CIDR(650),
    FLOAT4(700),
    FLOAT8(701),
    MONEY(790),
    INET(869),
    INT4_ARRAY(1007),
    BPCHAR(1042),
    VARCHAR(1043),
    DATE(1082),
    TIME(1083),
    TIMESTAMP(1114),
    TIMESTAMPTZ(1184),
    INTERVAL(1186),
    TIMETZ(1266),
    VARBIT(1562),
    NUMERIC(1700),
    UUID(2950),
    PG_LSN(3220),
    TSVECTOR(3614),
    JSONB(3802),
    INT4RANGE(3904),
    XID8(5069);

    private final long oid;

    BuiltIn(long oid) {
      this.oid = oid;
    }

    PgType pgType() {
      String name = name().toLowerCase(java.util.Locale.ROOT);
      return PgType.base(oid, "pg_catalog", name, "", "pg_catalog." + name + "out");
    }
  }
}
