/** Second hand-over: a change encoded as key and value bytes for a topic. */
@NullMarked
package io.bottledwater.record;

import org.jspecify.annotations.NullMarked;
