/** The closed list of error codes: each with an exit code, an action and advice. */
@NullMarked
package io.bottledwater.error;

import org.jspecify.annotations.NullMarked;
