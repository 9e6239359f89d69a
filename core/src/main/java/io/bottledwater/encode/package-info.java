/**
 * A change goes in, an encoded record comes out: one plan per relation, compiled once and run per
 * row.
 */
@NullMarked
package io.bottledwater.encode;

import org.jspecify.annotations.NullMarked;
