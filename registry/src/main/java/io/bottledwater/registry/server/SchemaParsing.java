package io.bottledwater.registry.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.bottledwater.registry.protobuf.ProtobufSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/**
 * Schema texts from outside: checked, bounded in depth, and put into the layout in which they are
 * stored. Stateless but for the registry's state, in which references are looked up.
 */
final class SchemaParsing {
  /** Avro's own code recurses into schemas, so the depth must stay far below the stack's. */
  private static final int MAX_DEPTH = 200;

  private static final int MAX_REFERENCES = 100;

  /**
   * Avro's compatibility check takes time by the cube of the types that are nested by name: 1000
   * took 3 seconds, 2000 took 30.
   */
  private static final int MAX_NAMED_TYPES = 500;

  private static final Set<String> NAMED = Set.of("record", "error", "enum", "fixed");

  private final JsonFactory json = new JsonFactory();

  /** Keeps numbers as they are written. */
  private final ObjectMapper trees =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
          .build();

  private final RegistryState state;

  SchemaParsing(RegistryState state) {
    this.state = state;
  }

  /**
   * Checks a schema and lays it out for storage.
   *
   * @throws RegistryError 42201
   */
  StoredSchema canonical(StoredSchema schema) {
    if (schema.text().isBlank()) {
      throw RegistryError.invalidSchema("it is empty");
    }
    switch (schema.type()) {
      case "AVRO":
        return guarded(() -> canonicalAvro(schema));
      case "JSON":
        checkReferences(schema.references());
        return new StoredSchema("JSON", json(schema).toString(), schema.references());
      case "PROTOBUF":
        return new StoredSchema("PROTOBUF", protobuf(schema).text(), schema.references());
      default:
        throw RegistryError.invalidSchema("the type is none of AVRO, JSON and PROTOBUF");
    }
  }

  /**
   * The Avro schema of a text that {@link #canonical} has laid out.
   *
   * @throws RegistryError 42201
   */
  Schema avro(StoredSchema schema) {
    return guarded(() -> parse(schema, new ParsedTypes()));
  }

  /**
   * A JSON Schema's document.
   *
   * @throws RegistryError 42201
   */
  JsonNode json(StoredSchema schema) {
    checkJson(schema.text());
    JsonNode document;
    try {
      document = trees.readTree(schema.text());
    } catch (JsonProcessingException e) {
      throw RegistryError.invalidSchema("it is not JSON");
    }
    if (!document.isObject() && !document.isBoolean()) {
      throw RegistryError.invalidSchema("it is neither a JSON object nor true or false");
    }
    return document;
  }

  /**
   * A Protobuf file with all that it imports.
   *
   * @throws RegistryError 42201
   */
  ProtobufSchema protobuf(StoredSchema schema) {
    return protobuf(schema, new HashMap<>(), new AtomicInteger());
  }

  private ProtobufSchema protobuf(
      StoredSchema schema, Map<String, FileDescriptor> files, AtomicInteger count) {
    for (Reference reference : schema.references()) {
      if (count.incrementAndGet() > MAX_REFERENCES) {
        throw RegistryError.invalidSchema("it has more than " + MAX_REFERENCES + " references");
      }
      if (!files.containsKey(reference.name())) {
        files.put(reference.name(), protobuf(referenced(reference), files, count).file());
      }
    }
    try {
      return ProtobufSchema.parse(schema.text(), files::get);
    } catch (IllegalArgumentException e) {
      throw RegistryError.invalidSchema(String.valueOf(e.getMessage()));
    }
  }

  private StoredSchema canonicalAvro(StoredSchema schema) {
    ParsedTypes types = new ParsedTypes();
    for (Reference reference : schema.references()) {
      parseReferenced(reference, types);
    }
    List<Schema> referenced = new ArrayList<>(types.parser.getTypes().values());
    Schema parsed = parseText(schema.text(), types);
    return new StoredSchema("AVRO", parsed.toString(referenced, false), schema.references());
  }

  private Schema parse(StoredSchema schema, ParsedTypes types) {
    for (Reference reference : schema.references()) {
      parseReferenced(reference, types);
    }
    return parseText(schema.text(), types);
  }

  private void parseReferenced(Reference reference, ParsedTypes types) {
    // The same version may be reached by several ways, and its names can be defined only once.
    if (types.seen.add(reference.subject() + "\0" + reference.version())) {
      if (types.seen.size() > MAX_REFERENCES) {
        throw RegistryError.invalidSchema("it has more than " + MAX_REFERENCES + " references");
      }
      parse(referenced(reference), types);
    }
  }

  private Schema parseText(String text, ParsedTypes types) {
    types.named += checkJson(text);
    if (types.named > MAX_NAMED_TYPES) {
      throw RegistryError.invalidSchema(
          "it defines more than " + MAX_NAMED_TYPES + " named types, with those it refers to");
    }
    return types.parser.parse(text);
  }

  private void checkReferences(List<Reference> references) {
    references.forEach(this::referenced);
  }

  private StoredSchema referenced(Reference reference) {
    for (SchemaVersion version : state.versions(reference.subject(), false)) {
      if (version.version() == reference.version()) {
        return version.schema();
      }
    }
    throw RegistryError.invalidSchema(
        "no schema reference found for subject \""
            + reference.subject()
            + "\" and version "
            + reference.version());
  }

  /** The number of types that the text defines, were it an Avro schema. */
  private int checkJson(String text) {
    int depth = 0;
    int named = 0;
    boolean isType = false;
    try (JsonParser parser = json.createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isStructStart() && ++depth > MAX_DEPTH) {
          throw RegistryError.invalidSchema("it is nested deeper than " + MAX_DEPTH);
        }
        if (token.isStructEnd()) {
          depth--;
        }
        if (isType && token == JsonToken.VALUE_STRING && NAMED.contains(parser.getText())) {
          named++;
        }
        isType = token == JsonToken.FIELD_NAME && parser.currentName().equals("type");
      }
      return named;
    } catch (IOException e) {
      throw RegistryError.invalidSchema("it is not JSON");
    }
  }

  /** What goes wrong in Avro's parser is the client's doing; its messages name the place. */
  static <T> T guarded(Supplier<T> parsing) {
    try {
      return parsing.get();
    } catch (AvroRuntimeException e) {
      throw RegistryError.invalidSchema(String.valueOf(e.getMessage()));
    } catch (StackOverflowError e) {
      // Types that follow each other by name nest without any nesting of the text.
      throw RegistryError.invalidSchema("its types are nested too deep");
    } catch (NullPointerException | IllegalArgumentException | ClassCastException e) {
      // Seen from Avro's parser for texts that are JSON but no schema.
      throw RegistryError.invalidSchema("it is no Avro schema");
    }
  }

  /** One parser for a schema and all that it refers to, so that names are known across texts. */
  private static final class ParsedTypes {
    final Schema.Parser parser = new Schema.Parser();
    final Set<String> seen = new HashSet<>();
    int named;
  }
}
