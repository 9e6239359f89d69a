package io.bottledwater.encode;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bottledwater.encode.avro.AvroFormat;
import io.bottledwater.encode.json.JsonFormat;
import io.bottledwater.postgres.PgType;
import io.bottledwater.type.ColumnMapping;
import io.bottledwater.type.MappingScope;
import io.bottledwater.type.NulledValues;
import io.bottledwater.type.TypeMappings;
import io.bottledwater.type.TypeOptions;
import io.bottledwater.type.ValueDecoder;
import io.bottledwater.value.RowShape;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * Nanoseconds and allocated bytes a value, from PostgreSQL's bytes into a row's buffer, and the
 * ratio to the limit: copying the same bytes into the buffer. Rows have a hundred values of one
 * type; the row's own copy at its end is part of the time, and of the bytes.
 *
 * <p>Run {@code main} from an IDE or from the test class path; it is no test.
 */
public final class ValueBenchmark {
  private static final int VALUES_PER_ROW = 100;
  private static final int ROUNDS = 7;
  private static final long ROUND_NANOS = 150_000_000L;

  private final Random random = new Random(42);

  private ValueBenchmark() {}

  public static void main(String[] args) {
    new ValueBenchmark().run();
  }

  private void run() {
    System.out.printf(
        "%-14s %-7s %28s %28s%n",
        "type", "form", "avro ns (x copy, bytes)", "json ns (x copy, bytes)");
    for (int pass = 0; pass < 2; pass++) {
      // The first pass only makes the compiler see all types, as a real pump does.
      measure(
          "bool",
          16,
          -1,
          pass,
          r -> random.nextBoolean() ? "t" : "f",
          t -> bytes(1).put((byte) (t.equals("t") ? 1 : 0)));
      measure(
          "int4",
          23,
          -1,
          pass,
          r -> Integer.toString(random.nextInt()),
          t -> bytes(4).putInt(Integer.parseInt(t)));
      measure(
          "int8",
          20,
          -1,
          pass,
          r -> Long.toString(random.nextLong() >> random.nextInt(64)),
          t -> bytes(8).putLong(Long.parseLong(t)));
      measure(
          "float8",
          701,
          -1,
          pass,
          r -> Double.toString(0.01 + random.nextDouble()),
          t -> bytes(8).putDouble(Double.parseDouble(t)));
      measure(
          "numeric(12,2)",
          1700,
          (12 << 16 | 2) + 4,
          pass,
          r -> random.nextInt(100_000) + "." + (10 + random.nextInt(90)),
          ValueBenchmark::numeric);
      measure(
          "text(20)",
          25,
          -1,
          pass,
          r -> new UUID(random.nextLong(), 0).toString().substring(0, 20),
          t -> ByteBuffer.wrap(t.getBytes(UTF_8)));
      measure(
          "timestamptz",
          1184,
          -1,
          pass,
          r ->
              "2026-%02d-%02d %02d:%02d:%02d.%06d+00"
                  .formatted(
                      1 + random.nextInt(12),
                      1 + random.nextInt(28),
                      random.nextInt(24),
                      random.nextInt(60),
                      random.nextInt(60),
                      1 + random.nextInt(999_999)),
          t -> bytes(8).putLong(random.nextLong() >> 13));
      measure(
          "uuid",
          2950,
          -1,
          pass,
          r -> new UUID(random.nextLong(), random.nextLong()).toString(),
          t ->
              bytes(16)
                  .putLong(UUID.fromString(t).getMostSignificantBits())
                  .putLong(UUID.fromString(t).getLeastSignificantBits()));
    }
  }

  private interface ToText {
    String at(int row);
  }

  private interface ToBinary {
    ByteBuffer of(String text);
  }

  private void measure(String name, int oid, int typmod, int pass, ToText text, ToBinary binary) {
    PgType type = PgType.base(oid, "pg_catalog", name, "", "");
    byte[][] texts = new byte[VALUES_PER_ROW][];
    byte[][] binaries = new byte[VALUES_PER_ROW][];
    Shapes shapes = Shapes.empty();
    ColumnMapping mapping =
        new MappingScope(
                new TypeMappings(TypeOptions.DEFAULTS, List.of("db")), false, new NulledValues())
            .map(type, typmod);
    for (int i = 0; i < VALUES_PER_ROW; i++) {
      String value = text.at(i);
      texts[i] = value.getBytes(UTF_8);
      binaries[i] = binary.of(value).array();
      shapes.and("c" + i, mapping.valueType());
    }
    RowShape shape = shapes.value();
    RowWriter avro = new AvroFormat(new RecordingRegistry()).writerFor(shape);
    RowWriter json = new JsonFormat().writerFor(shape);
    for (boolean isText : new boolean[] {true, false}) {
      byte[][] values = isText ? texts : binaries;
      ValueDecoder decoder = isText ? mapping.text() : mapping.binary();
      double copy = nanos(avro, values, null)[0];
      double[] toAvro = nanos(avro, values, decoder);
      double[] toJson = nanos(json, values, decoder);
      if (pass > 0) {
        System.out.printf(
            "%-14s %-7s %10.1f (%5.1fx, %5.1f) %12.1f (%5.1fx, %5.1f)%n",
            name,
            isText ? "text" : "binary",
            toAvro[0],
            toAvro[0] / copy,
            toAvro[1],
            toJson[0],
            toJson[0] / copy,
            toJson[1]);
      }
    }
  }

  /**
   * The best round's nanoseconds of processor time, and the bytes allocated, both for one value.
   */
  private static double[] nanos(RowWriter writer, byte[][] values, ValueDecoder decoder) {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    double best = Double.MAX_VALUE;
    double allocated = 0;
    long written = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long bytesBefore = threads.getCurrentThreadAllocatedBytes();
      long start = threads.getCurrentThreadCpuTime();
      long rows = 0;
      long end = start;
      while (end - start < ROUND_NANOS) {
        for (int i = 0; i < 100; i++) {
          written += row(writer, values, decoder);
        }
        rows += 100;
        end = threads.getCurrentThreadCpuTime();
      }
      best = Math.min(best, (double) (end - start) / rows / VALUES_PER_ROW);
      allocated =
          (double) (threads.getCurrentThreadAllocatedBytes() - bytesBefore) / rows / VALUES_PER_ROW;
    }
    if (written == 0) {
      throw new IllegalStateException("nothing was written");
    }
    return new double[] {best, allocated};
  }

  private static int row(RowWriter writer, byte[][] values, ValueDecoder decoder) {
    writer.begin();
    for (int i = 0; i < values.length; i++) {
      writer.field(i);
      byte[] value = values[i];
      if (decoder == null) {
        writer.writeBytes(value, 0, value.length);
      } else {
        decoder.decode(value, 0, value.length, writer);
      }
    }
    return writer.finish().length;
  }

  private static ByteBuffer bytes(int length) {
    return ByteBuffer.allocate(length);
  }

  /** One or two groups before the point and one after it. */
  private static ByteBuffer numeric(String text) {
    int point = text.indexOf('.');
    int whole = Integer.parseInt(text.substring(0, point));
    int fraction = Integer.parseInt(text.substring(point + 1)) * 100;
    boolean large = whole >= 10_000;
    ByteBuffer bytes = ByteBuffer.allocate(large ? 14 : whole == 0 ? 10 : 12);
    bytes.putShort((short) (large ? 3 : whole == 0 ? 1 : 2));
    bytes
        .putShort((short) (large ? 1 : whole == 0 ? -1 : 0))
        .putShort((short) 0)
        .putShort((short) 2);
    if (large) {
      bytes.putShort((short) (whole / 10_000)).putShort((short) (whole % 10_000));
    } else if (whole > 0) {
      bytes.putShort((short) whole);
    }
    return bytes.putShort((short) fraction);
  }
}
