package io.bottledwater.cli;

import io.bottledwater.config.Encoding;
import io.bottledwater.config.PumpConfig;
import io.bottledwater.config.StyleConfig;
import io.bottledwater.encode.OutputFormat;
import io.bottledwater.encode.RecordStyle;
import io.bottledwater.encode.StandardStyle;
import io.bottledwater.encode.avro.AvroFormat;
import io.bottledwater.encode.avro.AvroJsonFormat;
import io.bottledwater.encode.avro.ClassicAvroFormat;
import io.bottledwater.encode.classic.ClassicStyle;
import io.bottledwater.encode.json.JsonFormat;
import io.bottledwater.record.TopicNaming;
import io.bottledwater.schema.SchemaRegistry;
import io.bottledwater.type.TypeMappings;

/** The style and the format of records that the options ask for. */
final class Styles {
  private Styles() {}

  static RecordStyle.Factory factory(StyleConfig config) {
    TopicNaming naming = TopicNaming.valueOf(config.naming().name());
    if (config.mapping() == StyleConfig.Mapping.CLASSIC) {
      return origin -> new ClassicStyle(naming, origin);
    }
    return origin -> new StandardStyle(new TypeMappings(), naming, origin);
  }

  static OutputFormat format(PumpConfig config, SchemaRegistry registry) {
    boolean avro = config.encoding() == Encoding.AVRO;
    if (config.style().mapping() == StyleConfig.Mapping.CLASSIC) {
      return avro ? new ClassicAvroFormat(registry) : new AvroJsonFormat();
    }
    return avro ? new AvroFormat(registry) : new JsonFormat();
  }
}
