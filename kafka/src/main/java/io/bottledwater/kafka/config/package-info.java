/**
 * Properties as users write them come in, librdkafka's names among them; checked properties for
 * Kafka's clients and topics go out.
 */
@NullMarked
package io.bottledwater.kafka.config;

import org.jspecify.annotations.NullMarked;
