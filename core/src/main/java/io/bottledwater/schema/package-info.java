/** Subjects, schema ids and the port through which a schema registry is reached. */
@NullMarked
package io.bottledwater.schema;

import org.jspecify.annotations.NullMarked;
