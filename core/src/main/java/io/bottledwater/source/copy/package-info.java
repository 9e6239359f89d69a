/** What PostgreSQL sends as CopyData, message by message, read in place. */
@NullMarked
package io.bottledwater.source.copy;

import org.jspecify.annotations.NullMarked;
