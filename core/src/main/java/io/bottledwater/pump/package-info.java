/** Life cycle and wiring: the only package that knows both ends. */
@NullMarked
package io.bottledwater.pump;

import org.jspecify.annotations.NullMarked;
