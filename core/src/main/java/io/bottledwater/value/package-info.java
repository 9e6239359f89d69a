/** Where types meet formats: a type mapping pushes values in, an output format writes them out. */
@NullMarked
package io.bottledwater.value;

import org.jspecify.annotations.NullMarked;
