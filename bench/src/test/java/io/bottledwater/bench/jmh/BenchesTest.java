package io.bottledwater.bench.jmh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.kafka.producer.RecordBatchBench;
import io.bottledwater.source.snapshot.CopyBench;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the benches measure is the pump's work on real rows: run once, they give the records. */
class BenchesTest {
  @Test
  void decodesEveryField() {
    DecoderBench bench = new DecoderBench();

    assertThat(bench.decode()).isEqualTo(SixColumns.ROWS * 6L);
    assertThat(bench.decode()).isEqualTo(2 * SixColumns.ROWS * 6L);
  }

  @Test
  void encodesTheRowsThatBenchRunInserts() {
    List<String> stream = stream("json");

    assertThat(stream).hasSize(SixColumns.ROWS);
    assertThat(stream.get(2))
        .isEqualTo(
            "{\"id\":3}{\"id\":3,\"customer\":23757,\"amount\":1.11,"
                + "\"note\":\"note 000000000000003\",\"created\":\"2026-01-01T00:00:03+00:00\","
                + "\"active\":true}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"avro", "json", "protobuf"})
  void encodesTheSameFromCopyAndFromTheStream(String format) {
    List<String> copied = new ArrayList<>();
    CopyBench bench = new CopyBench();
    bench.format = format;
    bench.prepare(record -> copied.add(text(record.key()) + text(record.value().toByteArray())));
    bench.decodeAndEncode();

    assertThat(copied).isEqualTo(stream(format));
  }

  private static List<String> stream(String format) {
    List<String> records = new ArrayList<>();
    StreamBench bench = new StreamBench();
    bench.format = format;
    bench.prepare(record -> records.add(text(record.key()) + text(record.value().toByteArray())));
    bench.decodeAndEncode();
    return records;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  @Test
  void writesABatchThatKafkaReads() {
    ByteBuffer written = new RecordBatchBench().write();

    MutableRecordBatch batch = MemoryRecords.readableRecords(written).batches().iterator().next();
    batch.ensureValid();
    assertThat(batch.countOrNull()).isEqualTo(SixColumns.ROWS);
  }
}
