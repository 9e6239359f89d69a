/**
 * The pgoutput plugin's messages go in, calls on a {@link io.bottledwater.change.ChangeHandler}
 * come out.
 */
@NullMarked
package io.bottledwater.source.plugin.pgoutput;

import org.jspecify.annotations.NullMarked;
