package io.bottledwater.cli;

import io.bottledwater.config.EnumForm;
import io.bottledwater.config.NumericForm;
import io.bottledwater.config.OptionValueException;
import io.bottledwater.config.PumpConfig;
import io.bottledwater.config.PumpOptions;
import io.bottledwater.config.StyleConfig;
import io.bottledwater.encode.FormatSettings;
import io.bottledwater.encode.OutputFormat;
import io.bottledwater.encode.RecordStyle;
import io.bottledwater.encode.StandardStyle;
import io.bottledwater.encode.avro.AvroJsonFormat;
import io.bottledwater.encode.avro.ClassicAvroFormat;
import io.bottledwater.encode.avro.ConnectAvroFormat;
import io.bottledwater.encode.classic.ClassicStyle;
import io.bottledwater.encode.debezium.DebeziumStyle;
import io.bottledwater.encode.json.ConnectJsonFormat;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.record.TopicNaming;
import io.bottledwater.schema.SchemaRegistry;
import io.bottledwater.type.NumericAs;
import io.bottledwater.type.SpecialValues;
import io.bottledwater.type.TypeOptions;
import io.bottledwater.type.debezium.DebeziumMappings;
import io.bottledwater.value.ValueType;

/** The style and the format of records that the options ask for. */
final class Styles {
  private Styles() {}

  static RecordStyle.Factory factory(PumpConfig config) {
    TopicNaming naming = TopicNaming.valueOf(config.style().naming().name());
    TypeOptions types = typeOptions(config);
    if (config.style().mapping() == StyleConfig.Mapping.CLASSIC) {
      return origin -> new ClassicStyle(types.specialValues(), naming, origin);
    }
    if (config.style().envelope() == StyleConfig.Envelope.DEBEZIUM) {
      // A precision for all columns has been refused: Debezium has no such mode.
      DebeziumMappings mappings =
          new DebeziumMappings((NumericAs.Word) types.numeric(), types.specialValues());
      return origin -> new DebeziumStyle(mappings, naming, origin);
    }
    return origin -> new StandardStyle(types, naming, origin);
  }

  private static TypeOptions typeOptions(PumpConfig config) {
    NumericForm numeric = config.numeric();
    return new TypeOptions(
        switch (numeric.kind()) {
          case DECLARED -> NumericAs.Word.DECLARED;
          case STRING -> NumericAs.Word.STRING;
          case DOUBLE -> NumericAs.Word.DOUBLE;
          case DECIMAL ->
              new NumericAs.Fixed(new ValueType.Decimal(numeric.precision(), numeric.scale()));
        },
        config.enums() == EnumForm.ENUM,
        SpecialValues.valueOf(config.specialValues().name()));
  }

  static OutputFormat format(PumpConfig config, SchemaRegistry registry) {
    String name = config.outputFormat();
    if (config.jsonSchema() && !isOwn(config.style())) {
      throw new BottledWaterException(
          ErrorCode.USAGE,
          PumpOptions.JSON_SCHEMA + ": the JSON of another pump has no registered schema.",
          "Leave it out, or --type-mapping=classic and --envelope=debezium.",
          null);
    }
    if (config.style().mapping() == StyleConfig.Mapping.CLASSIC) {
      return switch (name) {
        case "avro" -> new ClassicAvroFormat(registry);
        case "json" -> new AvroJsonFormat();
        default -> throw noSuchForm(StyleConfig.CLASSIC, name);
      };
    }
    if (config.style().envelope() == StyleConfig.Envelope.DEBEZIUM) {
      // Those whose converters Debezium's records are known to go through.
      return switch (name) {
        case "avro" -> new ConnectAvroFormat(registry);
        case "json" -> new ConnectJsonFormat();
        default -> throw noSuchForm(StyleConfig.DEBEZIUM, name);
      };
    }
    try {
      return OutputFormats.find(name).create(new FormatSettings(registry, config.jsonSchema()));
    } catch (OptionValueException refused) {
      throw new BottledWaterException(
          ErrorCode.USAGE,
          PumpOptions.OUTPUT_FORMAT + ": " + refused.why() + ".",
          refused.advice(),
          refused);
    }
  }

  private static boolean isOwn(StyleConfig style) {
    return style.mapping() == StyleConfig.Mapping.STANDARD
        && style.envelope() == StyleConfig.Envelope.ROW;
  }

  private static BottledWaterException noSuchForm(String style, String format) {
    return new BottledWaterException(
        ErrorCode.USAGE,
        PumpOptions.OUTPUT_FORMAT + ": " + style + " has no form in " + format + ".",
        "Choose avro or json.",
        null);
  }
}
