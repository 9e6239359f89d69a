/**
 * Records go in, record batches in Kafka transactions come out: our own writer of batches over
 * Kafka's network client, and the stock producer for what ours does not know.
 */
@NullMarked
package io.bottledwater.kafka.producer;

import org.jspecify.annotations.NullMarked;
