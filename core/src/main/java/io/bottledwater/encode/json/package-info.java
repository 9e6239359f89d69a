/** JSON: the writer of plain JSON objects, equal to PostgreSQL's own to_json of the row. */
@NullMarked
package io.bottledwater.encode.json;

import org.jspecify.annotations.NullMarked;
