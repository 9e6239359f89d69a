/** Growable output buffers and checked input buffers; imports nothing of the project. */
@NullMarked
package io.bottledwater.bytes;

import org.jspecify.annotations.NullMarked;
