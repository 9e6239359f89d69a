/** Avro: schema text, and the writer of Avro's binary encoding. */
@NullMarked
package io.bottledwater.encode.avro;

import org.jspecify.annotations.NullMarked;
