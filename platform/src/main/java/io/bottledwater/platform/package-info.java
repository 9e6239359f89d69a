/**
 * Kafka and the schema registry as one thing to start and stop. A data directory and addresses come
 * in; running servers go out.
 */
@NullMarked
package io.bottledwater.platform;

import org.jspecify.annotations.NullMarked;
