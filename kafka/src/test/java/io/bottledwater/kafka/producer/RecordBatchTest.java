package io.bottledwater.kafka.producer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.bytes.ByteSlice;
import io.bottledwater.record.EncodedRecord;
import io.bottledwater.record.Operation;
import io.bottledwater.record.Topic;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes of batches, read by Kafka's own reader. */
class RecordBatchTest {
  private record Given(
      long timestamp, byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {}

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void isReadBackByKafka(CompressionType compression) {
    Random random = new Random(7);
    for (int round = 0; round < 50; round++) {
      List<Given> given = records(random, 1 + random.nextInt(300));
      RecordBatch batch = batchOf(given);
      int codec = compressor(compression).compress(batch);
      long producerId = random.nextLong() & Long.MAX_VALUE;
      short epoch = (short) random.nextInt(Short.MAX_VALUE);
      int sequence = random.nextInt(Integer.MAX_VALUE);
      boolean transactional = random.nextBoolean();

      batch.seal(codec, transactional, producerId, epoch, sequence);

      MutableRecordBatch read = onlyBatch(batch.sealed());
      read.ensureValid();
      assertThat(read.magic()).isEqualTo((byte) 2);
      assertThat(read.sizeInBytes()).isEqualTo(batch.size());
      assertThat(read.isTransactional()).isEqualTo(transactional);
      assertThat(read.isControlBatch()).isFalse();
      assertThat(read.producerId()).isEqualTo(producerId);
      assertThat(read.producerEpoch()).isEqualTo(epoch);
      assertThat(read.baseSequence()).isEqualTo(sequence);
      assertThat(read.countOrNull()).isEqualTo(given.size());
      assertThat(read.lastOffset()).isEqualTo(given.size() - 1);
      assertThat(read.maxTimestamp())
          .isEqualTo(given.stream().mapToLong(Given::timestamp).max().orElseThrow());
      assertSame(read, given);
    }
  }

  @Test
  void isLeftUncompressedWhenThatIsShorter() {
    byte[] noise = new byte[500];
    new Random(1).nextBytes(noise);
    List<Given> given = List.of(new Given(5, null, noise, List.of()));
    RecordBatch batch = batchOf(given);
    int size = batch.size();

    int codec = compressor(CompressionType.GZIP).compress(batch);

    assertThat(codec).isZero();
    assertThat(batch.size()).isEqualTo(size);
    batch.seal(codec, true, 1, (short) 0, 0);
    assertSame(onlyBatch(batch.sealed()), given);
  }

  @Test
  void carriesTheHeadersOfRows() {
    RowHeaders headers = new RowHeaders();
    RecordBatch batch = new RecordBatch(new byte[1 << 16]);
    EncodedRecord record = new EncodedRecord(new Topic("t", true));
    List<List<Header>> expected = new ArrayList<>();
    for (long lsn : new long[] {0, 1, 0x1_0000_0000L, -1L}) {
      for (long xid : new long[] {1, Long.MAX_VALUE}) {
        for (Operation operation : Operation.values()) {
          for (long sequence :
              new long[] {0, 9, 10, 1_000_000, 2_147_483_647L, 2_147_483_648L, Long.MAX_VALUE}) {
            record.set(new Topic("t", true), operation, null, null);
            record.setOrigin(0, lsn, xid, sequence);
            headers.set(record);
            batch.append(0, null, null, headers.bytes(), headers.length());
            expected.add(RowHeaders.asList(record));
          }
        }
      }
    }
    batch.seal(0, false, -1, (short) -1, -1);

    List<List<Header>> read = new ArrayList<>();
    for (Record r : onlyBatch(batch.sealed())) {
      read.add(List.of(r.headers()));
    }
    assertThat(read).isEqualTo(expected);
    assertThat(read.get(0)).extracting(Header::key).containsExactly("bw.op", "bw.lsn");
    assertThat(read.get(7))
        .extracting(h -> h.key() + "=" + new String(h.value(), UTF_8))
        .containsExactly("bw.op=c", "bw.lsn=0/0", "bw.xid=1", "bw.seq=0");
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        -1,
        1,
        63,
        64,
        -64,
        -65,
        8191,
        8192,
        Integer.MAX_VALUE,
        Long.MIN_VALUE,
        Long.MAX_VALUE
      })
  void knowsTheLengthOfVarints(long value) {
    byte[] bytes = new byte[10];

    int end = RecordBatch.put(bytes, 0, value);

    assertThat(end).isEqualTo(RecordBatch.size(value));
    assertThat(org.apache.kafka.common.utils.ByteUtils.readVarlong(ByteBuffer.wrap(bytes)))
        .isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({"1", "3", "12", "100"})
  void spreadsKeysAsKafkaDoes(int partitions) {
    Random random = new Random(3);
    for (int i = 0; i < 1000; i++) {
      byte[] key = new byte[random.nextInt(40)];
      random.nextBytes(key);
      assertThat(KeyHash.MURMUR2.partition(key, partitions))
          .isEqualTo(
              org.apache.kafka.clients.producer.internals.BuiltInPartitioner.partitionForKey(
                  key, partitions));
    }
  }

  @Test
  void goesOnInALargerArray() {
    List<Given> given = records(new Random(9), 20);
    RecordBatch batch = new RecordBatch(new byte[RecordBatch.HEADER_BYTES]);
    for (Given g : given) {
      byte[] headers = RowHeaders.encode(g.headers);
      int bound = RecordBatch.bound(g.key, slice(g.value), headers.length);
      batch.moveTo(new byte[batch.size() + bound]);
      batch.append(g.timestamp, g.key, slice(g.value), headers, headers.length);
    }
    batch.seal(0, true, 1, (short) 0, 0);

    assertSame(onlyBatch(batch.sealed()), given);
  }

  private static List<Given> records(Random random, int count) {
    List<Given> records = new ArrayList<>();
    long timestamp = random.nextInt();
    for (int i = 0; i < count; i++) {
      List<Header> headers = new ArrayList<>();
      for (int h = random.nextInt(3); h > 0; h--) {
        headers.add(new RecordHeader("h\u00e4" + h, ("v" + random.nextInt()).getBytes(UTF_8)));
      }
      timestamp += random.nextInt(2000) - 1000;
      records.add(new Given(Math.max(0, timestamp), bytes(random), bytes(random), headers));
    }
    return records;
  }

  private static byte @Nullable [] bytes(Random random) {
    if (random.nextInt(8) == 0) {
      return null;
    }
    byte[] bytes = new byte[random.nextInt(10) == 0 ? random.nextInt(20_000) : random.nextInt(200)];
    // Compressible.
    Arrays.fill(bytes, (byte) random.nextInt());
    return bytes;
  }

  // What lies behind the value in its array is none of the record's.
  private static @Nullable ByteSlice slice(byte @Nullable [] value) {
    return value == null
        ? null
        : new ByteSlice().set(Arrays.copyOf(value, value.length + 7), value.length);
  }

  private static RecordBatch batchOf(List<Given> given) {
    int bound = RecordBatch.HEADER_BYTES;
    for (Given g : given) {
      bound += RecordBatch.bound(g.key, slice(g.value), RowHeaders.encode(g.headers).length);
    }
    RecordBatch batch = new RecordBatch(new byte[bound]);
    for (Given g : given) {
      byte[] headers = RowHeaders.encode(g.headers);
      batch.append(g.timestamp, g.key, slice(g.value), headers, headers.length);
    }
    return batch;
  }

  private static BatchCompressor compressor(CompressionType type) {
    return BatchCompressor.of(
        new ProducerConfig(
            Map.of(
                "bootstrap.servers",
                "localhost:9092",
                "key.serializer",
                ByteArraySerializer.class,
                "value.serializer",
                ByteArraySerializer.class,
                "compression.type",
                type.name)));
  }

  private static MutableRecordBatch onlyBatch(ByteBuffer bytes) {
    List<MutableRecordBatch> batches = new ArrayList<>();
    MemoryRecords.readableRecords(bytes).batches().forEach(batches::add);
    assertThat(batches).hasSize(1);
    return batches.get(0);
  }

  private static void assertSame(MutableRecordBatch read, List<Given> given) {
    int i = 0;
    for (Record record : read) {
      Given g = given.get(i);
      assertThat(record.offset()).isEqualTo(i);
      assertThat(record.timestamp()).isEqualTo(g.timestamp);
      assertThat(record.hasKey() ? Utils.toArray(record.key()) : null).isEqualTo(g.key);
      assertThat(record.hasValue() ? Utils.toArray(record.value()) : null).isEqualTo(g.value);
      assertThat(List.of(record.headers())).isEqualTo(g.headers);
      i++;
    }
    assertThat(i).isEqualTo(given.size());
  }
}
