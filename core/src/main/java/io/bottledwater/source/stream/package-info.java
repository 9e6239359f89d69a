/** The replication slot and its stream of messages; reading never moves the flush LSN. */
@NullMarked
package io.bottledwater.source.stream;

import org.jspecify.annotations.NullMarked;
