package io.bottledwater.type;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.value.SpecialValueException;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueWriter;
import java.math.BigInteger;

/**
 * Binary of a numeric with precision and scale. Up to 18 digits it is read as a long; beyond that,
 * exactly but with objects.
 */
final class DecimalBinary extends ValueDecoder {
  private static final int[] POWERS_OF_TEN = {1, 10, 100, 1000, 10_000};

  /** Below this, one more group still gives at most 18 digits. */
  private static final long ROOM_FOR_GROUP = DecimalBounds.ROOM_FOR_ONE / 1000;

  private final DecimalBounds bounds;
  private final int scale;
  private final int wholeFractionGroups;

  /** Decimal places that the last group holds, and what separates them from the rest of it. */
  private final int lastPlaces;

  private final int lastCut;
  private final NumericWire wire = new NumericWire();
  private final ByteWriter scratch = new ByteWriter(64);

  DecimalBinary(ValueType.Decimal type) {
    this.bounds = new DecimalBounds(type);
    this.scale = type.scale();
    this.wholeFractionGroups = scale / NumericWire.DIGITS_PER_GROUP;
    this.lastPlaces = scale % NumericWire.DIGITS_PER_GROUP;
    this.lastCut = POWERS_OF_TEN[NumericWire.DIGITS_PER_GROUP - lastPlaces];
  }

  @Override
  public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
    wire.open(bytes, offset, length);
    if (wire.isSpecial()) {
      throw new SpecialValueException(new String(wire.specialText(), ISO_8859_1));
    }
    long unscaled = 0;
    int power = wire.weight();
    for (; power >= -wholeFractionGroups; power--) {
      if (unscaled >= ROOM_FOR_GROUP) {
        decodeLarge(out);
        return;
      }
      unscaled = unscaled * POWERS_OF_TEN[NumericWire.DIGITS_PER_GROUP] + wire.group(power);
    }
    power = -wholeFractionGroups - 1;
    if (lastPlaces > 0) {
      if (unscaled >= ROOM_FOR_GROUP * lastCut) {
        decodeLarge(out);
        return;
      }
      int group = wire.group(power--);
      if (group % lastCut != 0) {
        throw DecimalBounds.tooFine();
      }
      unscaled = unscaled * POWERS_OF_TEN[lastPlaces] + group / lastCut;
    }
    if (!wire.isZeroFrom(power)) {
      throw DecimalBounds.tooFine();
    }
    bounds.check(unscaled);
    out.writeDecimal(wire.isNegative() ? -unscaled : unscaled, scale);
  }

  private void decodeLarge(ValueWriter out) {
    scratch.reset();
    if (!wire.writeDigits(scale, false, scratch)) {
      throw DecimalBounds.tooFine();
    }
    bounds.write(
        new BigInteger(new String(scratch.array(), 0, scratch.position(), ISO_8859_1)), out);
  }
}
