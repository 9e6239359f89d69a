/**
 * The types of Debezium's PostgreSQL connector in its default handling modes: what the standard
 * mapping reads goes in, what the connector writes for it comes out.
 */
@NullMarked
package io.bottledwater.type.debezium;

import org.jspecify.annotations.NullMarked;
