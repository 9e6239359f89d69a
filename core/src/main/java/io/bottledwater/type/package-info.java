/**
 * PostgreSQL types: one {@link io.bottledwater.type.TypeMapping} per family yields both value type
 * and decoder.
 */
@NullMarked
package io.bottledwater.type;

import org.jspecify.annotations.NullMarked;
