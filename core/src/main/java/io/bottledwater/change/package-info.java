/**
 * First hand-over: a source goes in as tuples, a {@link io.bottledwater.change.ChangeHandler} takes
 * them out.
 */
@NullMarked
package io.bottledwater.change;

import org.jspecify.annotations.NullMarked;
