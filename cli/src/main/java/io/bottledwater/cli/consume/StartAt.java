package io.bottledwater.cli.consume;

import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Where reading starts in each partition. */
public sealed interface StartAt {
  /** With the oldest record that is kept. */
  record Earliest() implements StartAt {}

  /** With the next record that is written. */
  record Latest() implements StartAt {}

  /** With the record of this offset, or the next one that is kept. */
  record Offset(long offset) implements StartAt {}

  /** Moves the consumer there. */
  default void seek(Consumer<?, ?> consumer, List<TopicPartition> partitions) {
    if (this instanceof Offset at) {
      partitions.forEach(partition -> consumer.seek(partition, at.offset()));
    } else if (this instanceof Earliest) {
      consumer.seekToBeginning(partitions);
    } else {
      consumer.seekToEnd(partitions);
    }
  }
}
