/**
 * Says beforehand what the pump would do: a database and the options go in, for each table its
 * topic, key, fields, schemas and risks come out. Nothing is written anywhere.
 */
@NullMarked
package io.bottledwater.explain;

import org.jspecify.annotations.NullMarked;
