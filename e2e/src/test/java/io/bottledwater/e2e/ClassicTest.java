package io.bottledwater.e2e;

import static io.bottledwater.e2e.TopicReader.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.registry.server.SchemaRegistryServer;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaBuilder.FieldAssembler;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/**
 * The records of Bottled Water, the original, byte for byte: from the pump, from Avro's own writer
 * with a schema built here, and from files that are checked in.
 */
class ClassicTest {
  private static final String DATABASE_SPACE = "com.martinkl.bottledwater.dbschema";
  private static final String TYPE_SPACE = "com.martinkl.bottledwater.datatypes";

  private static final String[] TABLE = {
    "CREATE EXTENSION hstore",
    "CREATE TYPE mood AS ENUM ('sad', 'so so')",
    """
    CREATE TABLE "crêpes" (
      b boolean, i2 smallint, id int, i8 bigint, o oid, x xid, f4 real, f8 double precision,
      n numeric(20,5), m money, d date, d2 date, ts timestamp, tstz timestamptz, tm time,
      ttz timetz, iv interval, by bytea, bp char(4), t text, u uuid, j json, arr int[], md mood,
      r int4range, bits bit(3), pt point, hs hstore, "1st col" text,
      CONSTRAINT "menu-key" PRIMARY KEY (i8, id))
    """,
    """
    INSERT INTO "crêpes" VALUES
      (true, -2, 1, 9007199254740993, 4294967295, '7', 1.5, 0.1, 12345.67890, -1234.56,
       '2024-02-29', '0044-03-15 BC', '2024-02-29 12:34:56.789', '2024-07-01 12:00:00.000001+00',
       '24:00', '12:34:56.5-05:30', '-1 year -2 mons +3 days -04:05:06.7', '\\x00ff22', 'ab',
       'é"', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', '{"a":  1}', '{1,NULL}', 'so so', '[1,5)',
       B'101', '(1,2)', 'a=>1', 'x'),
      (NULL, NULL, 2, 2, NULL, NULL, NULL, NULL, 'NaN', NULL, 'infinity', '-infinity',
       '-infinity', 'infinity', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       NULL, NULL, NULL, NULL)
    """,
  };

  private final TestKafka kafka = TestKafka.shared();

  @Test
  void writesTheOriginalsAvro() throws Exception {
    Schema valueSchema = valueSchema();
    Schema keySchema = keySchema();
    byte[] first = encode(valueSchema, firstRow(valueSchema));
    byte[] second = encode(valueSchema, secondRow(valueSchema));
    assertThat(golden())
        .containsEntry("key schema", keySchema.toString())
        .containsEntry("value schema", valueSchema.toString())
        .containsEntry("key 1", hex(encode(keySchema, key(keySchema, 9007199254740993L, 1))))
        .containsEntry("row 1", hex(first))
        .containsEntry("row 2", hex(second));
    try (TestDatabase database = TestPostgres.version(17).newDatabase();
        SchemaRegistryServer registry =
            SchemaRegistryServer.start(
                SchemaRegistryServer.Settings.of("127.0.0.1", 0, kafka.bootstrapServers()))) {
      String url = "http://127.0.0.1:" + registry.address().getPort();
      prepare(database);
      try (PumpUnderTest pump = pump(database).with("--schema-registry=" + url).startStreaming()) {
        change(database);
        String topic = database.name() + ".cr_c3__aa_pes";
        List<ConsumerRecord<byte[], byte[]>> records = TopicReader.await(kafka, topic, 7);
        assertThat(records).hasSize(7);

        CachedSchemaRegistryClient client = new CachedSchemaRegistryClient(url, 100);
        assertThat(client.getLatestSchemaMetadata(topic + "-value").getSchema())
            .satisfies(text -> assertThat(new Schema.Parser().parse(text)).isEqualTo(valueSchema));
        assertThat(client.getLatestSchemaMetadata(topic + "-key").getSchema())
            .satisfies(text -> assertThat(new Schema.Parser().parse(text)).isEqualTo(keySchema));
        int valueId = client.getLatestSchemaMetadata(topic + "-value").getId();
        int keyId = client.getLatestSchemaMetadata(topic + "-key").getId();

        byte[] key1 = wire(keyId, encode(keySchema, key(keySchema, 9007199254740993L, 1)));
        byte[] key2 = wire(keyId, encode(keySchema, key(keySchema, 2L, 2)));
        byte[] key3 = wire(keyId, encode(keySchema, key(keySchema, 3L, 2)));
        byte[] row1 = wire(valueId, first);
        byte[] row2 = wire(valueId, second);
        GenericData.Record moved = secondRow(valueSchema);
        moved.put("i8", 3L);
        List<byte[]> keys = List.of(key1, key2, key1, key1, key2, key3, key1);
        List<byte[]> values =
            Arrays.asList(
                row1, row2, null, row1, null, wire(valueId, encode(valueSchema, moved)), null);
        for (int i = 0; i < keys.size(); i++) {
          assertThat(records.get(i).key()).as("key " + i).isEqualTo(keys.get(i));
          assertThat(records.get(i).value()).as("value " + i).isEqualTo(values.get(i));
        }
        List<ConsumerRecord<byte[], byte[]>> unkeyed =
            TopicReader.await(kafka, database.name() + ".odd_2d_one._31_st", 2);
        assertThat(unkeyed).allMatch(record -> record.key() == null);
        assertThat(hex(Arrays.copyOfRange(unkeyed.get(0).value(), 5, 9))).isEqualTo("02060200");
        List<ConsumerRecord<byte[], byte[]>> empty =
            TopicReader.await(kafka, database.name() + ".empty", 2);
        assertThat(hex(Arrays.copyOfRange(empty.get(0).value(), 5, 6))).isEqualTo("00");
        assertThat(empty.get(1).value()).isEqualTo(empty.get(0).value());
        assertThat(client.getLatestSchemaMetadata(database.name() + ".empty-value").getSchema())
            .contains("{\"name\":\"dummy\",\"type\":\"boolean\"}");
        assertThat(pump.stop()).isZero();
      }
    }
  }

  @Test
  void writesTheOriginalsJson() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      prepare(database);
      try (PumpUnderTest pump =
          pump(database).with("--output-format=json", "--headers=off").startStreaming()) {
        change(database);
        List<ConsumerRecord<byte[], byte[]>> records =
            TopicReader.await(kafka, database.name() + ".cr_c3__aa_pes", 7);
        String key1 = "{\"i8\":{\"long\":9007199254740993},\"id\":{\"int\":1}}";
        String row1 = golden().get("json 1");
        assertThat(records)
            .extracting(record -> text(record.key()))
            .containsExactly(
                key1,
                "{\"i8\":{\"long\":2},\"id\":{\"int\":2}}",
                key1,
                key1,
                "{\"i8\":{\"long\":2},\"id\":{\"int\":2}}",
                "{\"i8\":{\"long\":3},\"id\":{\"int\":2}}",
                key1);
        assertThat(records)
            .extracting(record -> text(record.value()))
            .containsExactly(
                row1,
                golden().get("json 2"),
                null,
                row1,
                null,
                golden().get("json 2").replace("\"i8\":{\"long\":2}", "\"i8\":{\"long\":3}"),
                null);
        assertThat(pump.stop()).isZero();
      }
    }
  }

  private PumpUnderTest pump(TestDatabase database) {
    return PumpUnderTest.of(database, kafka)
        .with("--type-mapping=classic", "--allow-unkeyed", "--snapshot-threads=1");
  }

  private static void prepare(TestDatabase database) {
    database.execute("ALTER DATABASE \"" + database.name() + "\" SET TimeZone = 'Europe/Berlin'");
    // In the session that inserts, too, the zone does not matter: every value says its own.
    database.execute(TABLE);
    database.execute(
        "CREATE SCHEMA \"odd-one\"",
        "CREATE TABLE \"odd-one\".\"1st\" (a int, b text)",
        "INSERT INTO \"odd-one\".\"1st\" VALUES (3, '')",
        "CREATE TABLE empty ()",
        "INSERT INTO empty DEFAULT VALUES");
  }

  private static void change(TestDatabase database) {
    database.execute(
        "CREATE TEMP TABLE copy AS SELECT * FROM \"crêpes\" WHERE id = 1;"
            + " DELETE FROM \"crêpes\" WHERE id = 1;"
            + " INSERT INTO \"crêpes\" SELECT * FROM copy",
        "UPDATE \"crêpes\" SET i8 = 3 WHERE id = 2",
        "DELETE FROM \"crêpes\" WHERE id = 1",
        "INSERT INTO \"odd-one\".\"1st\" VALUES (4, 'new')",
        "INSERT INTO empty DEFAULT VALUES");
  }

  private static Schema keySchema() {
    return SchemaBuilder.record("menu_2d_key")
        .namespace(DATABASE_SPACE + ".public")
        .fields()
        .name("i8")
        .type(union("long"))
        .noDefault()
        .name("id")
        .type(union("int"))
        .noDefault()
        .endRecord();
  }

  private static Schema valueSchema() {
    Schema special =
        SchemaBuilder.enumeration("SpecialTime")
            .namespace(DATABASE_SPACE + ".public")
            .symbols("POS_INFINITY", "NEG_INFINITY");
    Schema date = helper("Date", "year", "month", "day");
    Schema dateTime =
        helper("DateTime", "year", "month", "day", "hour", "minute", "second", "micro");
    Schema dateTimeTz =
        helper(
            "DateTimeTZ",
            "year",
            "month",
            "day",
            "hour",
            "minute",
            "second",
            "micro",
            "zoneOffset");
    Schema interval =
        helper("Interval", "year", "month", "day", "hour", "minute", "second", "micro");
    Schema timeTz =
        SchemaBuilder.record("TimeTZ")
            .namespace(TYPE_SPACE)
            .fields()
            .requiredLong("micro")
            .requiredInt("zoneOffset")
            .endRecord();
    FieldAssembler<Schema> fields =
        SchemaBuilder.record("cr_c3__aa_pes").namespace(DATABASE_SPACE + ".public").fields();
    field(fields, "b", "boolean");
    field(fields, "i2", "int");
    field(fields, "id", "int");
    for (String name : List.of("i8", "o", "x")) {
      field(fields, name, "long");
    }
    field(fields, "f4", "float");
    field(fields, "f8", "double");
    field(fields, "n", "double");
    field(fields, "m", "long");
    fields.name("d").type(union(date, special)).noDefault();
    fields.name("d2").type(union(date, special)).noDefault();
    fields.name("ts").type(union(dateTime, special)).noDefault();
    fields.name("tstz").type(union(dateTimeTz, special)).noDefault();
    field(fields, "tm", "long");
    fields.name("ttz").type(union(timeTz)).noDefault();
    fields.name("iv").type(union(interval)).noDefault();
    field(fields, "by", "bytes");
    for (String name :
        List.of("bp", "t", "u", "j", "arr", "md", "r", "bits", "pt", "hs", "_31_st_20_col")) {
      field(fields, name, "string");
    }
    return fields.endRecord();
  }

  private static Schema helper(String name, String... numbers) {
    FieldAssembler<Schema> fields = SchemaBuilder.record(name).namespace(TYPE_SPACE).fields();
    for (String number : numbers) {
      fields.requiredInt(number);
    }
    return fields.endRecord();
  }

  private static void field(FieldAssembler<Schema> fields, String name, String type) {
    fields.name(name).type(union(type)).noDefault();
  }

  private static Schema union(String type) {
    return union(SchemaBuilder.builder().type(type));
  }

  private static Schema union(Schema... types) {
    List<Schema> branches = new ArrayList<>();
    branches.add(Schema.create(Schema.Type.NULL));
    branches.addAll(List.of(types));
    return Schema.createUnion(branches);
  }

  private static GenericData.Record key(Schema schema, long i8, int id) {
    return new GenericRecordBuilder(schema).set("i8", i8).set("id", id).build();
  }

  private static GenericData.Record firstRow(Schema schema) {
    GenericData.Record row = new GenericData.Record(schema);
    Object[] values = {
      true,
      -2,
      1,
      9007199254740993L,
      4294967295L,
      7L,
      1.5f,
      0.1,
      12345.6789,
      -123456L,
      record(schema, "d", 1, 2024, 2, 29),
      record(schema, "d2", 1, -43, 3, 15),
      record(schema, "ts", 1, 2024, 2, 29, 12, 34, 56, 789000),
      // 12:00 in UTC is 14:00 in Berlin's summer.
      record(schema, "tstz", 1, 2024, 7, 1, 14, 0, 0, 1, 7200),
      86_400_000_000L,
      record(schema, "ttz", 1, 45_296_500_000L, -19800),
      record(schema, "iv", 1, -1, -2, 3, -4, -5, -6, -700000),
      ByteBuffer.wrap(new byte[] {0, (byte) 0xFF, 0x22}),
      "ab  ",
      "é\"",
      "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
      "{\"a\":  1}",
      "{1,NULL}",
      "so so",
      "[1,5)",
      "101",
      "(1,2)",
      "\"a\"=>\"1\"",
      "x"
    };
    for (int i = 0; i < values.length; i++) {
      row.put(i, values[i]);
    }
    return row;
  }

  private static GenericData.Record secondRow(Schema schema) {
    GenericData.Record row = new GenericData.Record(schema);
    Schema special = schema.getField("d").schema().getTypes().get(2);
    row.put("id", 2);
    row.put("i8", 2L);
    row.put("n", Double.NaN);
    row.put("d", new GenericData.EnumSymbol(special, "POS_INFINITY"));
    row.put("d2", new GenericData.EnumSymbol(special, "NEG_INFINITY"));
    row.put("ts", new GenericData.EnumSymbol(special, "NEG_INFINITY"));
    row.put("tstz", new GenericData.EnumSymbol(special, "POS_INFINITY"));
    return row;
  }

  private static GenericData.Record record(
      Schema schema, String field, int branch, Object... values) {
    GenericData.Record record =
        new GenericData.Record(schema.getField(field).schema().getTypes().get(branch));
    for (int i = 0; i < values.length; i++) {
      record.put(i, values[i]);
    }
    return record;
  }

  private static byte[] encode(Schema schema, GenericData.Record record) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<GenericData.Record>(schema).write(record, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  private static byte[] wire(int id, byte[] body) {
    return ByteBuffer.allocate(5 + body.length).put((byte) 0).putInt(id).put(body).array();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** Lines of {@code name: text}. */
  private static Map<String, String> golden() throws IOException {
    try (InputStream in = ClassicTest.class.getResourceAsStream("classic.golden")) {
      Map<String, String> entries = new java.util.LinkedHashMap<>();
      for (String line : new String(in.readAllBytes(), UTF_8).split("\n")) {
        int colon = line.indexOf(": ");
        if (!line.startsWith("#") && colon > 0) {
          entries.put(line.substring(0, colon), line.substring(colon + 2));
        }
      }
      return entries;
    }
  }
}
