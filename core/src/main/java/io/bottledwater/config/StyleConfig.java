package io.bottledwater.config;

/**
 * What records look like, whatever their encoding.
 *
 * @param naming as {@code mapping} and {@code envelope} ask for, unless given
 */
public record StyleConfig(Mapping mapping, Envelope envelope, Naming naming) {

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
    Naming implied =
        envelope == Envelope.DEBEZIUM
            ? Naming.DEBEZIUM
            : mapping == Mapping.CLASSIC ? Naming.CLASSIC : Naming.STANDARD;
    return new StyleConfig(
        mapping, envelope, options.find(PumpOptions.TOPIC_NAMING).orElse(implied));
  }
}
