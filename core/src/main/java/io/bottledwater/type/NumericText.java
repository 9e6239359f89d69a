package io.bottledwater.type;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.bottledwater.value.ValueWriter;

/** Text of a numeric without precision: checked, then passed on as it is. */
final class NumericText extends ValueDecoder {
  static final byte[] NAN = "NaN".getBytes(US_ASCII);
  static final byte[] INFINITY = "Infinity".getBytes(US_ASCII);
  static final byte[] MINUS_INFINITY = "-Infinity".getBytes(US_ASCII);

  private final TextCursor cursor = new TextCursor("numeric text");

  @Override
  public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
    cursor.open(bytes, offset, length);
    expectNumeric(cursor);
    out.writeNumeric(bytes, offset, length);
  }

  /** From the cursor to its end. */
  static void expectNumeric(TextCursor cursor) {
    if (!isSpecial(cursor)) {
      cursor.take('-');
      cursor.skipDigits();
      if (cursor.take('.')) {
        cursor.skipDigits();
      }
    }
    cursor.expectEnd();
  }

  /** Takes one of the words for values that are not numbers, if one stands here. */
  static boolean isSpecial(TextCursor cursor) {
    return !cursor.nextIsDigit()
        && (cursor.take(NAN) || cursor.take(INFINITY) || cursor.take(MINUS_INFINITY));
  }
}
