/** Protobuf: .proto text with field numbers that never change their meaning, and the writer. */
@NullMarked
package io.bottledwater.encode.protobuf;

import org.jspecify.annotations.NullMarked;
