/**
 * What the demo shows off: a small shop's database that changes all the time. A directory comes in;
 * a PostgreSQL server with a live workload, and printed changes, go out.
 */
@NullMarked
package io.bottledwater.cli.demo;

import org.jspecify.annotations.NullMarked;
