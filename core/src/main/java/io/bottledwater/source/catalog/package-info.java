/** Connections to PostgreSQL, and what its catalog says of server, tables, types and slots. */
@NullMarked
package io.bottledwater.source.catalog;

import org.jspecify.annotations.NullMarked;
