package io.bottledwater.cli.consume;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.registry.client.RegisteredSchema;
import io.bottledwater.registry.protobuf.ProtobufSchema;
import io.bottledwater.value.JsonString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prints a record's key or value as JSON without line ends, whatever wrote it:
 *
 * <pre>
 *   00 id(4, big-endian) body   by the schema with that id: Avro, Protobuf, or JSON after the id
 *   JSON text                   as it is
 *   other UTF-8 text            as a JSON string, unless it holds a zero byte
 *   other bytes                 {"base64":"..."}
 * </pre>
 *
 * One thread only. Source of the first form: Confluent's wire format.
 */
public final class DataPrinter {
  private static final Logger log = LoggerFactory.getLogger(DataPrinter.class);
  private static final byte[] NULL = "null".getBytes(US_ASCII);
  private static final int HEAD_BYTES = 5;
  private static final int SCHEMAS_KEPT = 1_000;

  private final SchemaLookup registry;
  private final ByteWriter scratch = new ByteWriter(1024);
  private final AvroJson avroJson = new AvroJson(scratch);
  private final ProtobufJson protobufJson = new ProtobufJson(scratch);
  private @Nullable BinaryDecoder decoder;

  /** What was found behind an id, which may be nothing. */
  private final Map<Integer, Optional<Form>> forms =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Optional<Form>> eldest) {
          return size() > SCHEMAS_KEPT;
        }
      };

  /** How bytes after an id are read: by one of the two, or as JSON text when both are null. */
  private record Form(@Nullable Schema avro, @Nullable ProtobufSchema protobuf) {}

  public DataPrinter(SchemaLookup registry) {
    this.registry = registry;
  }

  /**
   * Appends one key or value.
   *
   * @param data null is printed as {@code null}
   * @throws BottledWaterException when a registry is needed that cannot be reached
   */
  public void print(ByteWriter out, byte @Nullable [] data) {
    if (data == null) {
      out.writeBytes(NULL);
    } else if (!printFramed(out, data) && !printText(out, data, 0)) {
      printBase64(out, data);
    }
  }

  /** Appends a header's value: text is never taken for JSON. */
  void printHeader(ByteWriter out, byte @Nullable [] data) {
    if (data == null) {
      out.writeBytes(NULL);
    } else if (text(data, 0) != null) {
      JsonString.write(out, data, 0, data.length);
    } else {
      printBase64(out, data);
    }
  }

  /** False when the data is not of the first form. */
  private boolean printFramed(ByteWriter out, byte[] data) {
    if (data.length < HEAD_BYTES || data[0] != 0) {
      return false;
    }
    int id = ByteBuffer.wrap(data, 1, 4).getInt();
    Optional<Form> form = form(id);
    if (form.isEmpty()) {
      return false;
    }
    Schema avro = form.get().avro();
    if (avro != null) {
      return printAvro(out, data, id, avro);
    }
    ProtobufSchema protobuf = form.get().protobuf();
    return protobuf == null
        ? printText(out, data, HEAD_BYTES)
        : printProtobuf(out, data, id, protobuf);
  }

  private boolean printProtobuf(ByteWriter out, byte[] data, int id, ProtobufSchema schema) {
    scratch.reset();
    try {
      protobufJson.write(schema, data, HEAD_BYTES);
    } catch (IOException e) {
      doesNotFit(id, e);
      return false;
    }
    out.writeBytes(scratch.array(), 0, scratch.position());
    return true;
  }

  private static void doesNotFit(int id, Exception e) {
    log.warn(
        "A record names the schema {} but does not fit it ({}): printed as base64.",
        id,
        e.getClass().getSimpleName());
  }

  private boolean printAvro(ByteWriter out, byte[] data, int id, Schema schema) {
    scratch.reset();
    try {
      BinaryDecoder in =
          DecoderFactory.get().binaryDecoder(data, HEAD_BYTES, data.length - HEAD_BYTES, decoder);
      decoder = in;
      avroJson.write(schema, in);
      if (!in.isEnd()) {
        throw new AvroRuntimeException("bytes are left over");
      }
    } catch (IOException | AvroRuntimeException e) {
      doesNotFit(id, e);
      return false;
    }
    out.writeBytes(scratch.array(), 0, scratch.position());
    return true;
  }

  private Optional<Form> form(int id) {
    Optional<Form> known = forms.get(id);
    if (known == null) {
      known = find(id);
      forms.put(id, known);
    }
    return known;
  }

  private Optional<Form> find(int id) {
    if (id < 0) {
      return Optional.empty();
    }
    RegisteredSchema schema;
    try {
      schema = registry.schemaById(id);
    } catch (BottledWaterException e) {
      if (e.code() != ErrorCode.SCHEMA_REFUSED) {
        throw e;
      }
      // Any program's bytes may begin with a zero.
      log.warn("{} Such records are printed as base64.", e.found());
      return Optional.empty();
    }
    if (schema.type().equals("JSON")) {
      return Optional.of(new Form(null, null));
    }
    if (schema.type().equals("AVRO") && schema.references().isEmpty()) {
      try {
        return Optional.of(new Form(parse(schema.text()), null));
      } catch (AvroRuntimeException e) {
        log.warn("The schema {} is not valid Avro: its records are printed as base64.", id);
        return Optional.empty();
      }
    }
    if (schema.type().equals("PROTOBUF") && schema.references().isEmpty()) {
      try {
        return Optional.of(new Form(null, ProtobufSchema.parse(schema.text(), name -> null)));
      } catch (IllegalArgumentException e) {
        log.warn("The schema {} is not valid Protobuf: its records are printed as base64.", id);
        return Optional.empty();
      }
    }
    log.warn(
        "The schema {} is {}, which is not read: its records are printed as base64.",
        id,
        schema.references().isEmpty() ? schema.type() : schema.type() + " with references");
    return Optional.empty();
  }

  private static Schema parse(String text) {
    // Other writers are laxer with names; printing needs no more than their order.
    return new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false).parse(text);
  }

  /** False when the data from {@code offset} is not text. */
  private boolean printText(ByteWriter out, byte[] data, int offset) {
    String text = text(data, offset);
    if (text == null) {
      return false;
    }
    if (!JsonText.isJson(text)) {
      JsonString.write(out, data, offset, data.length - offset);
      return true;
    }
    for (int i = offset; i < data.length; i++) {
      byte b = data[i];
      // Between tokens only: inside strings JSON escapes them.
      out.writeByte(b == '\n' || b == '\r' || b == '\t' ? ' ' : b);
    }
    return true;
  }

  /** Null when the data is not text; PostgreSQL's text, too, never holds a zero. */
  private static @Nullable String text(byte[] data, int offset) {
    for (int i = offset; i < data.length; i++) {
      if (data[i] == 0) {
        return null;
      }
    }
    try {
      return UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(data, offset, data.length - offset))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static void printBase64(ByteWriter out, byte[] data) {
    out.writeBytes("{\"base64\":\"".getBytes(US_ASCII));
    out.writeBytes(Base64.getEncoder().encode(data));
    out.writeBytes("\"}".getBytes(US_ASCII));
  }
}
