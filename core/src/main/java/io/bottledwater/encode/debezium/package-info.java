/** Rows go in, records as Debezium's PostgreSQL connector writes them come out. */
@NullMarked
package io.bottledwater.encode.debezium;

import org.jspecify.annotations.NullMarked;
