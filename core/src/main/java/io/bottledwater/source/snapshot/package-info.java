/** Tables go in as chunks of pages, rows read by COPY come out as tuples. */
@NullMarked
package io.bottledwater.source.snapshot;

import org.jspecify.annotations.NullMarked;
