/** Named places at which a test can end the process as a power failure would; imports nothing. */
@NullMarked
package io.bottledwater.failpoint;

import org.jspecify.annotations.NullMarked;
