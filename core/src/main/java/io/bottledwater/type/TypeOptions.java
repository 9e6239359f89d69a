package io.bottledwater.type;

/**
 * What a user chose about a mapping.
 *
 * @param enums whether enumerated types become enumerations of the format instead of strings
 */
public record TypeOptions(NumericAs numeric, boolean enums, SpecialValues specialValues) {
  public static final TypeOptions DEFAULTS =
      new TypeOptions(NumericAs.Word.DECLARED, false, SpecialValues.STOP);

  /** For a mapping that leaves no other choice. */
  public static TypeOptions of(SpecialValues specialValues) {
    return new TypeOptions(NumericAs.Word.DECLARED, false, specialValues);
  }
}
