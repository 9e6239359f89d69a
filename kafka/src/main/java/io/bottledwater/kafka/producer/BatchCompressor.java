package io.bottledwater.kafka.producer;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.ByteBufferOutputStream;

/** Compresses the records of a batch with Kafka's codecs. One thread. */
final class BatchCompressor {
  private static final byte MAGIC = 2;

  private final Compression compression;
  private ByteBufferOutputStream compressed = new ByteBufferOutputStream(0);

  private BatchCompressor(Compression compression) {
    this.compression = compression;
  }

  /** As {@code compression.type} and the levels say. */
  static BatchCompressor of(ProducerConfig config) {
    CompressionType type =
        CompressionType.forName(config.getString(ProducerConfig.COMPRESSION_TYPE_CONFIG));
    return new BatchCompressor(
        switch (type) {
          case GZIP ->
              Compression.gzip()
                  .level(config.getInt(ProducerConfig.COMPRESSION_GZIP_LEVEL_CONFIG))
                  .build();
          case LZ4 ->
              Compression.lz4()
                  .level(config.getInt(ProducerConfig.COMPRESSION_LZ4_LEVEL_CONFIG))
                  .build();
          case ZSTD ->
              Compression.zstd()
                  .level(config.getInt(ProducerConfig.COMPRESSION_ZSTD_LEVEL_CONFIG))
                  .build();
          default -> Compression.of(type).build();
        });
  }

  /**
   * Compresses the records, unless that would make them longer.
   *
   * @return the number of the codec, for the batch's attributes
   */
  int compress(RecordBatch batch) {
    if (compression.type() == CompressionType.NONE) {
      return CompressionType.NONE.id;
    }
    int length = batch.size() - RecordBatch.HEADER_BYTES;
    if (compressed.initialCapacity() < length) {
      compressed = new ByteBufferOutputStream(length);
    }
    compressed.position(0);
    try (OutputStream out = compression.wrapForOutput(compressed, MAGIC)) {
      out.write(batch.bytes(), RecordBatch.HEADER_BYTES, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (compressed.position() >= length) {
      return CompressionType.NONE.id;
    }
    ByteBuffer result = compressed.buffer();
    batch.replaceRecords(result.array(), result.arrayOffset(), compressed.position());
    return compression.type().id;
  }
}
