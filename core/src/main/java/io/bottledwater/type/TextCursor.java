package io.bottledwater.type;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.value.MalformedValueException;

/**
 * Walks over the ASCII text of one value at a time; never past its end. Reused from value to value
 * by its decoder, on the decoder's thread.
 */
final class TextCursor {
  private static final int[] FRACTION_SCALE = {0, 100_000, 10_000, 1000, 100, 10, 1};

  private final String form;
  private byte[] bytes = {};
  private int start;
  private int position;
  private int end;

  TextCursor(String form) {
    this.form = form;
  }

  void open(byte[] source, int offset, int length) {
    bytes = source;
    start = offset;
    position = offset;
    end = offset + length;
  }

  /** Goes on at an index of the array, which lies inside the value. */
  void skipTo(int index) {
    position = index;
  }

  boolean atEnd() {
    return position == end;
  }

  boolean nextIsDigit() {
    return position < end && bytes[position] >= '0' && bytes[position] <= '9';
  }

  boolean take(char wanted) {
    if (position < end && bytes[position] == wanted) {
      position++;
      return true;
    }
    return false;
  }

  /** Takes the whole word or nothing. */
  boolean take(byte[] word) {
    if (end - position < word.length) {
      return false;
    }
    for (int i = 0; i < word.length; i++) {
      if (bytes[position + i] != word[i]) {
        return false;
      }
    }
    position += word.length;
    return true;
  }

  void expect(char wanted) {
    if (position >= end || bytes[position] != wanted) {
      throw malformed();
    }
    position++;
  }

  void expectEnd() {
    if (position != end) {
      throw malformed();
    }
  }

  /** Exactly two digits. */
  int twoDigits() {
    if (end - position < 2) {
      throw malformed();
    }
    int tens = bytes[position] - '0';
    int ones = bytes[position + 1] - '0';
    if (tens < 0 || tens > 9 || ones < 0 || ones > 9) {
      throw malformed();
    }
    position += 2;
    return tens * 10 + ones;
  }

  /** Between {@code least} and {@code most} digits; {@code most} at most 18. */
  long digits(int least, int most) {
    long value = 0;
    int first = position;
    while (position < end) {
      int digit = bytes[position] - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      if (position - first == most) {
        throw malformed();
      }
      value = value * 10 + digit;
      position++;
    }
    if (position - first < least) {
      throw malformed();
    }
    return value;
  }

  /** One digit or more, of any number. */
  void skipDigits() {
    if (!nextIsDigit()) {
      throw malformed();
    }
    do {
      position++;
    } while (nextIsDigit());
  }

  /** Copies one digit or more; returns how many. */
  int copyDigits(ByteWriter out) {
    int first = position;
    skipDigits();
    out.writeBytes(bytes, first, position - first);
    return position - first;
  }

  /** {@code [.f]} with one to six digits, in microseconds; 0 when there is none. */
  int fraction() {
    if (!take('.')) {
      return 0;
    }
    int first = position;
    int value = (int) digits(1, 6);
    return value * FRACTION_SCALE[position - first];
  }

  MalformedValueException malformed() {
    return new MalformedValueException(form, position - start);
  }
}
