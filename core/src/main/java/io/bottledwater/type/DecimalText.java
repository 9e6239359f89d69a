package io.bottledwater.type;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.SpecialValueException;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueWriter;
import java.math.BigInteger;

/**
 * Text of a numeric with precision and scale. Up to 18 digits it is read as a long; beyond that,
 * exactly but with objects.
 */
final class DecimalText extends ValueDecoder {
  private static final String FORM = "numeric text";

  private final DecimalBounds bounds;
  private final int scale;
  private final TextCursor cursor = new TextCursor(FORM);
  private final ByteWriter scratch = new ByteWriter(64);

  DecimalText(ValueType.Decimal type) {
    this.bounds = new DecimalBounds(type);
    this.scale = type.scale();
  }

  @Override
  public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
    int end = offset + length;
    boolean negative = length > 0 && bytes[offset] == '-';
    int first = negative ? offset + 1 : offset;
    if (first == end || bytes[first] < '0' || bytes[first] > '9') {
      throw notANumber(bytes, offset, length);
    }
    long unscaled = 0;
    int i = first;
    int point = -1;
    for (; i < end; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        if (bytes[i] != '.' || point >= 0 || i + 1 == end) {
          throw new MalformedValueException(FORM, i - offset);
        }
        point = i;
        continue;
      }
      if (unscaled >= DecimalBounds.ROOM_FOR_ONE) {
        decodeLarge(bytes, offset, length, out);
        return;
      }
      unscaled = unscaled * 10 + digit;
    }
    int fraction = point < 0 ? 0 : end - point - 1;
    for (; fraction > scale; fraction--) {
      if (unscaled % 10 != 0) {
        throw DecimalBounds.tooFine();
      }
      unscaled /= 10;
    }
    for (; fraction < scale; fraction++) {
      if (unscaled >= DecimalBounds.ROOM_FOR_ONE) {
        decodeLarge(bytes, offset, length, out);
        return;
      }
      unscaled *= 10;
    }
    bounds.check(unscaled);
    out.writeDecimal(negative ? -unscaled : unscaled, scale);
  }

  private void decodeLarge(byte[] bytes, int offset, int length, ValueWriter out) {
    scratch.reset();
    cursor.open(bytes, offset, length);
    if (cursor.take('-')) {
      scratch.writeByte('-');
    }
    cursor.copyDigits(scratch);
    int fraction = 0;
    if (cursor.take('.')) {
      fraction = cursor.copyDigits(scratch);
    }
    cursor.expectEnd();
    if (fraction < scale) {
      scratch.writeRepeated('0', scale - fraction);
    }
    int used = scratch.position();
    for (; fraction > scale; fraction--) {
      if (scratch.array()[--used] != '0') {
        throw DecimalBounds.tooFine();
      }
    }
    bounds.write(new BigInteger(new String(scratch.array(), 0, used, ISO_8859_1)), out);
  }

  private RuntimeException notANumber(byte[] bytes, int offset, int length) {
    cursor.open(bytes, offset, length);
    if (NumericText.isSpecial(cursor) && cursor.atEnd()) {
      return new SpecialValueException(new String(bytes, offset, length, ISO_8859_1));
    }
    return cursor.malformed();
  }
}
