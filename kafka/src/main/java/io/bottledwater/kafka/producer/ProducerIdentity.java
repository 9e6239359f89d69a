package io.bottledwater.kafka.producer;

/**
 * Who a producer is for the brokers. A new id or epoch begins a new generation, in which the
 * sequences of all partitions begin with 0. One thread.
 */
final class ProducerIdentity {
  private long id = -1;
  private short epoch = -1;
  private int generation;

  void set(long newId, short newEpoch) {
    id = newId;
    epoch = newEpoch;
    generation++;
  }

  long id() {
    return id;
  }

  short epoch() {
    return epoch;
  }

  int generation() {
    return generation;
  }
}
