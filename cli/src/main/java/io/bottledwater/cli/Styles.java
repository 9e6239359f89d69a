package io.bottledwater.cli;

import io.bottledwater.config.Encoding;
import io.bottledwater.config.EnumForm;
import io.bottledwater.config.NumericForm;
import io.bottledwater.config.PumpConfig;
import io.bottledwater.config.StyleConfig;
import io.bottledwater.encode.OutputFormat;
import io.bottledwater.encode.RecordStyle;
import io.bottledwater.encode.StandardStyle;
import io.bottledwater.encode.avro.AvroFormat;
import io.bottledwater.encode.avro.AvroJsonFormat;
import io.bottledwater.encode.avro.ClassicAvroFormat;
import io.bottledwater.encode.avro.ConnectAvroFormat;
import io.bottledwater.encode.classic.ClassicStyle;
import io.bottledwater.encode.debezium.DebeziumStyle;
import io.bottledwater.encode.json.ConnectJsonFormat;
import io.bottledwater.encode.json.JsonFormat;
import io.bottledwater.record.TopicNaming;
import io.bottledwater.schema.SchemaRegistry;
import io.bottledwater.type.NumericAs;
import io.bottledwater.type.SpecialValues;
import io.bottledwater.type.TypeOptions;
import io.bottledwater.value.ValueType;

/** The style and the format of records that the options ask for. */
final class Styles {
  private Styles() {}

  static RecordStyle.Factory factory(PumpConfig config) {
    TopicNaming naming = TopicNaming.valueOf(config.style().naming().name());
    if (config.style().mapping() == StyleConfig.Mapping.CLASSIC) {
      return origin -> new ClassicStyle(naming, origin);
    }
    if (config.style().envelope() == StyleConfig.Envelope.DEBEZIUM) {
      return origin -> new DebeziumStyle(naming, origin);
    }
    TypeOptions types = typeOptions(config);
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
    boolean avro = config.encoding() == Encoding.AVRO;
    if (config.style().mapping() == StyleConfig.Mapping.CLASSIC) {
      return avro ? new ClassicAvroFormat(registry) : new AvroJsonFormat();
    }
    if (config.style().envelope() == StyleConfig.Envelope.DEBEZIUM) {
      return avro ? new ConnectAvroFormat(registry) : new ConnectJsonFormat();
    }
    return avro ? new AvroFormat(registry) : new JsonFormat();
  }
}
