/** Rows go in, records as Bottled Water, the original, wrote them come out. */
@NullMarked
package io.bottledwater.encode.classic;

import org.jspecify.annotations.NullMarked;
