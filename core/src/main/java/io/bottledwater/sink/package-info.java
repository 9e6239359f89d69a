/** The port through which encoded records leave; discard and standard-output sinks. */
@NullMarked
package io.bottledwater.sink;

import org.jspecify.annotations.NullMarked;
