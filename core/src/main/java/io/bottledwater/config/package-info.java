/** Every option declared once: name, type, default, text, check. */
@NullMarked
package io.bottledwater.config;

import org.jspecify.annotations.NullMarked;
