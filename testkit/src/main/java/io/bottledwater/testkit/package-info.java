/**
 * What the tests of every module share: real servers, started once a process, and child processes
 * to kill. Test settings come in; databases, topics and processes go out.
 */
@NullMarked
package io.bottledwater.testkit;

import org.jspecify.annotations.NullMarked;
