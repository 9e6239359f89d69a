package io.bottledwater.type;

import io.bottledwater.value.MalformedValueException;

/** What PostgreSQL's send functions write. */
final class Wire {
  private Wire() {}

  static void requireLength(int length, int expected, String form) {
    if (length != expected) {
      throw new MalformedValueException(form, Math.min(length, expected));
    }
  }
}
