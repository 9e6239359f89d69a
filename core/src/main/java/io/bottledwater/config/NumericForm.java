package io.bottledwater.config;

import io.bottledwater.error.OneLine;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code numeric} columns are written as.
 *
 * @param precision of a decimal, else 0
 * @param scale of a decimal, else 0
 */
public record NumericForm(Kind kind, int precision, int scale) {
  /** Kinds of form. */
  public enum Kind {
    DECLARED,
    STRING,
    DOUBLE,
    DECIMAL
  }

  /** As each column is declared. */
  public static final NumericForm DECLARED = new NumericForm(Kind.DECLARED, 0, 0);

  private static final int MAX_PRECISION = 1000;
  private static final Pattern DECIMAL = Pattern.compile("decimal\\((\\d{1,4}),(\\d{1,4})\\)");

  static NumericForm parse(String text) throws OptionValueException {
    if (text.equals("string")) {
      return new NumericForm(Kind.STRING, 0, 0);
    }
    if (text.equals("double")) {
      return new NumericForm(Kind.DOUBLE, 0, 0);
    }
    Matcher decimal = DECIMAL.matcher(text.replace(" ", ""));
    if (decimal.matches()) {
      int precision = Integer.parseInt(decimal.group(1));
      int scale = Integer.parseInt(decimal.group(2));
      if (precision >= 1 && precision <= MAX_PRECISION && scale <= precision) {
        return new NumericForm(Kind.DECIMAL, precision, scale);
      }
    }
    throw new OptionValueException(
        OneLine.quote(text) + " is not string, double or decimal(P,S)",
        "P is from 1 to 1000, S from 0 to P, for instance decimal(38,10).");
  }
}
