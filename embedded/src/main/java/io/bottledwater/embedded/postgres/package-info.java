/**
 * PostgreSQL as a child process: program files and a directory come in, a running server's address
 * goes out.
 */
@NullMarked
package io.bottledwater.embedded.postgres;

import org.jspecify.annotations.NullMarked;
