/** Command lines come in, commands run; messages, exit codes and the log go out. */
@NullMarked
package io.bottledwater.cli;

import org.jspecify.annotations.NullMarked;
