package io.bottledwater.config;

import io.bottledwater.error.BottledWaterException;
import java.util.Set;

/**
 * What records look like, whatever their encoding.
 *
 * @param naming as {@code mapping} and {@code envelope} ask for, unless given
 */
public record StyleConfig(Mapping mapping, Envelope envelope, Naming naming) {
  /** How a user asks for {@link Mapping#CLASSIC}. */
  public static final String CLASSIC = "--type-mapping=classic";

  /** How a user asks for {@link Envelope#DEBEZIUM}. */
  public static final String DEBEZIUM = "--envelope=debezium";

  /**
   * How types and schemas are written; the words on the command line are these in lower case, here
   * and below.
   */
  public enum Mapping {
    STANDARD,
    CLASSIC
  }

  /** What stands around a row. */
  public enum Envelope {
    ROW,
    DEBEZIUM
  }

  /** What a table's topic is called. */
  public enum Naming {
    STANDARD,
    CLASSIC,
    DEBEZIUM
  }

  static StyleConfig of(ParsedOptions options) {
    Mapping mapping = options.get(PumpOptions.TYPE_MAPPING);
    Envelope envelope = options.get(PumpOptions.ENVELOPE);
    if (mapping == Mapping.CLASSIC && envelope == Envelope.DEBEZIUM) {
      throw options.refusal(
          PumpOptions.TYPE_MAPPING,
          new OptionValueException(
              "classic and --envelope=debezium each ask for types of their own",
              "Leave one of them out."));
    }
    if (mapping == Mapping.CLASSIC) {
      checkChoices(options, CLASSIC, "numeric is always a double", Set.of(NumericForm.Kind.DOUBLE));
    }
    if (envelope == Envelope.DEBEZIUM) {
      checkChoices(
          options,
          DEBEZIUM,
          "there are no decimals of one precision for all columns",
          Set.of(NumericForm.Kind.STRING, NumericForm.Kind.DOUBLE));
    }
    Naming implied =
        envelope == Envelope.DEBEZIUM
            ? Naming.DEBEZIUM
            : mapping == Mapping.CLASSIC ? Naming.CLASSIC : Naming.STANDARD;
    return new StyleConfig(
        mapping, envelope, options.find(PumpOptions.TOPIC_NAMING).orElse(implied));
  }

  /** Refuses what the records of another pump have no place for; nothing is left without effect. */
  private static void checkChoices(
      ParsedOptions options, String style, String why, Set<NumericForm.Kind> numerics) {
    if (options
        .find(PumpOptions.NUMERIC)
        .filter(form -> !numerics.contains(form.kind()))
        .isPresent()) {
      throw refusal(options, PumpOptions.NUMERIC, style, why);
    }
    if (options.get(PumpOptions.ENUM) == EnumForm.ENUM) {
      throw refusal(options, PumpOptions.ENUM, style, "enumerated types are always strings");
    }
    if (options.get(PumpOptions.SPECIAL_VALUES) == SpecialValueForm.STRING) {
      throw refusal(
          options, PumpOptions.SPECIAL_VALUES, style, "schemas have no place for a second type");
    }
  }

  private static BottledWaterException refusal(
      ParsedOptions options, Option<?> option, String style, String why) {
    return options.refusal(
        option, new OptionValueException("with " + style + " " + why, "Leave one of the two out."));
  }
}
