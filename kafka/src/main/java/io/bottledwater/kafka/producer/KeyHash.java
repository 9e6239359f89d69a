package io.bottledwater.kafka.producer;

import java.util.zip.CRC32;
import org.apache.kafka.common.utils.Utils;

/** Which partition a key belongs to. */
public enum KeyHash {
  /** Kafka's own. */
  MURMUR2,
  /** librdkafka's {@code consistent_random}. */
  CRC_32;

  /** The partition of a key. */
  int partition(byte[] key, int partitions) {
    if (this == MURMUR2) {
      return Utils.toPositive(Utils.murmur2(key)) % partitions;
    }
    CRC32 crc = new CRC32();
    crc.update(key);
    return (int) (crc.getValue() % partitions);
  }
}
