package io.bottledwater.type;

/**
 * What a user chose about the standard mapping.
 *
 * @param enums whether enumerated types become enumerations of the format instead of strings
 */
public record TypeOptions(NumericAs numeric, boolean enums, SpecialValues specialValues) {
  public static final TypeOptions DEFAULTS =
      new TypeOptions(NumericAs.Word.DECLARED, false, SpecialValues.STOP);
}
