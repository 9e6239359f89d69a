package io.bottledwater.bench.jmh;

import io.bottledwater.change.ChangeHandler;
import io.bottledwater.encode.ChangeEncoder;
import io.bottledwater.encode.ColumnRules;
import io.bottledwater.encode.EncoderSettings;
import io.bottledwater.encode.OutputFormat;
import io.bottledwater.encode.RecordStyle;
import io.bottledwater.encode.StandardStyle;
import io.bottledwater.encode.avro.AvroFormat;
import io.bottledwater.encode.json.JsonFormat;
import io.bottledwater.encode.protobuf.ProtobufFormat;
import io.bottledwater.record.RecordConsumer;
import io.bottledwater.record.TopicNaming;
import io.bottledwater.schema.SchemaRegistry;
import io.bottledwater.schema.SubjectVersion;
import io.bottledwater.source.plugin.pgoutput.PgoutputDecoder;
import io.bottledwater.type.TypeOptions;
import java.util.List;
import java.util.Optional;

/** The pump's own decoder and encoder as it wires them, between nothing and nothing. */
public final class Encoders {
  private Encoders() {}

  /** A decoder that knows the six-column table. */
  static PgoutputDecoder decoder(ChangeHandler handler) {
    return new PgoutputDecoder(
        (oid, schema, name, identity, columns, types, typmods, identityColumns) ->
            SixColumns.RELATION,
        handler);
  }

  /**
   * An encoder with the options' defaults.
   *
   * @param format of {@code --output-format}
   */
  public static ChangeEncoder encoder(String format, RecordConsumer out) {
    RecordStyle style =
        new StandardStyle(
            TypeOptions.DEFAULTS, TopicNaming.STANDARD, new RecordStyle.Origin("bench", "", "UTC"));
    return new ChangeEncoder(
        new EncoderSettings(style, format(format), false, ColumnRules.NONE, null, null),
        topics -> {},
        (relation, old, row, transaction, found) -> false,
        (relation, transaction) -> relation,
        out);
  }

  private static OutputFormat format(String name) {
    SchemaRegistry registry = new OneSchema();
    return switch (name) {
      case "avro" -> new AvroFormat(registry);
      case "json" -> new JsonFormat();
      case "protobuf" -> new ProtobufFormat(registry);
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** Gives every schema the same number: schemas are asked for once, before the first row. */
  private static final class OneSchema implements SchemaRegistry {
    @Override
    public int register(String subject, String type, String schema) {
      return 1;
    }

    @Override
    public Optional<SubjectVersion> newest(String subject) {
      return Optional.empty();
    }

    @Override
    public List<SubjectVersion> versionsAfter(String subject, int after) {
      return List.of();
    }

    @Override
    public void close() {}
  }
}
