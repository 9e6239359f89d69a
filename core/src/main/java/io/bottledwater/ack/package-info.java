/** Which transactions are in flight, and how far PostgreSQL may forget its WAL. */
@NullMarked
package io.bottledwater.ack;

import org.jspecify.annotations.NullMarked;
