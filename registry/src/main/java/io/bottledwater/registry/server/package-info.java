/**
 * A schema registry with Confluent's REST API: HTTP requests come in, records of one compacted
 * Kafka topic in the {@code _schemas} layout go out, and the state is what that topic says.
 *
 * <p>Read in the order of a request: {@link SchemaRegistryServer}, HttpFront, RestApi, Registry,
 * SchemaLog, RegistryState.
 */
@NullMarked
package io.bottledwater.registry.server;

import org.jspecify.annotations.NullMarked;
