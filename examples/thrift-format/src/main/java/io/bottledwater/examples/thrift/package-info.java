/** Rows in Thrift's compact protocol. */
@NullMarked
package io.bottledwater.examples.thrift;

import org.jspecify.annotations.NullMarked;
