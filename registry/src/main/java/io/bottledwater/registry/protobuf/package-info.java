/** .proto text: laid out in one way, and made into descriptors that Protobuf's library reads by. */
@NullMarked
package io.bottledwater.registry.protobuf;

import org.jspecify.annotations.NullMarked;
