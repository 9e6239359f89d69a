/** placeholder */
@org.jspecify.annotations.NullMarked
package io.bottledwater.embedded;
