/** Reading topics for people: records of any format come in, lines of JSON go out. */
@NullMarked
package io.bottledwater.cli.consume;

import org.jspecify.annotations.NullMarked;
