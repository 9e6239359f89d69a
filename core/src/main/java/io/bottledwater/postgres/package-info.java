/** PostgreSQL's own nouns: LSN, relation, column, type, replica identity. */
@NullMarked
package io.bottledwater.postgres;

import org.jspecify.annotations.NullMarked;
