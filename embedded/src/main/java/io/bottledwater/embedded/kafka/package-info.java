/**
 * A Kafka broker in this process: a directory and broker properties come in, a running broker's
 * address goes out.
 */
@NullMarked
package io.bottledwater.embedded.kafka;

import org.jspecify.annotations.NullMarked;
