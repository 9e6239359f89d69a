/**
 * The types of Bottled Water, the original: what the standard mapping reads goes in, what the
 * original wrote for it comes out.
 */
@NullMarked
package io.bottledwater.type.classic;

import org.jspecify.annotations.NullMarked;
