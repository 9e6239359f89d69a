/** Encoded records go in, Kafka transactions come out: sink, state topic, topic creation. */
@NullMarked
package io.bottledwater.kafka;

import org.jspecify.annotations.NullMarked;
