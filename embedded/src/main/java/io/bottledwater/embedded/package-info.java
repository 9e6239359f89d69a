/**
 * What the embedded servers share: the exception they throw, a directory's lock and the choice of a
 * port. A directory and settings come in; a running server's address goes out.
 */
@NullMarked
package io.bottledwater.embedded;

import org.jspecify.annotations.NullMarked;
