/**
 * Measures how fast the pump is: real servers, the product's own command line and a peer come in; a
 * table of ratios goes out.
 */
@NullMarked
package io.bottledwater.bench;

import org.jspecify.annotations.NullMarked;
