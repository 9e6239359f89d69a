/** A schema's text goes in, the id that a schema registry gave it comes out; and back. */
@NullMarked
package io.bottledwater.registry.client;

import org.jspecify.annotations.NullMarked;
