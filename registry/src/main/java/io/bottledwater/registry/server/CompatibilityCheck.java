package io.bottledwater.registry.server;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;

/**
 * Compares a schema with earlier versions of its subject: Avro by its schema resolution, the others
 * by {@link ProtobufCompatibility} and {@link JsonSchemaCompatibility}.
 */
final class CompatibilityCheck {
  private static final int MAX_PROBLEMS = 20;

  private final SchemaParsing parsing;

  CompatibilityCheck(SchemaParsing parsing) {
    this.parsing = parsing;
  }

  /**
   * @param earlier versions in their order, the latest last
   * @return why the schema is not compatible; empty when it is
   */
  List<String> problems(
      CompatibilityLevel level, StoredSchema proposed, List<SchemaVersion> earlier) {
    List<String> problems = new ArrayList<>();
    if (level == CompatibilityLevel.NONE || earlier.isEmpty()) {
      return problems;
    }
    int first = level.transitive ? 0 : earlier.size() - 1;
    for (int i = earlier.size() - 1; i >= first && problems.size() < MAX_PROBLEMS; i--) {
      SchemaVersion version = earlier.get(i);
      if (!version.schema().type().equals(proposed.type())) {
        problems.add("version " + version.version() + " is of type " + version.schema().type());
      } else {
        compare(level, proposed, version, problems);
      }
    }
    return problems;
  }

  private void compare(
      CompatibilityLevel level,
      StoredSchema proposed,
      SchemaVersion earlier,
      List<String> problems) {
    if (level.backward) {
      compare(proposed, earlier.schema(), "cannot read version " + earlier.version(), problems);
    }
    if (level.forward) {
      compare(
          earlier.schema(), proposed, "cannot be read by version " + earlier.version(), problems);
    }
  }

  private void compare(
      StoredSchema reader, StoredSchema writer, String what, List<String> problems) {
    switch (reader.type()) {
      case "AVRO" -> compare(parsing.avro(reader), parsing.avro(writer), what, problems);
      case "PROTOBUF" -> {
        List<String> found = new ArrayList<>();
        ProtobufCompatibility.compare(
            parsing.protobuf(reader).file(), parsing.protobuf(writer).file(), found);
        for (String problem : found) {
          if (problems.size() < MAX_PROBLEMS) {
            problems.add(what + ": " + problem);
          }
        }
      }
      default -> {
        String problem =
            new JsonSchemaCompatibility(parsing.json(reader), parsing.json(writer)).problem();
        if (!problem.isEmpty()) {
          problems.add(what + ": " + problem);
        }
      }
    }
  }

  private static void compare(Schema reader, Schema writer, String what, List<String> problems) {
    List<Incompatibility> found =
        SchemaParsing.guarded(
            () ->
                SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                    .getResult()
                    .getIncompatibilities());
    for (Incompatibility problem : found) {
      if (problems.size() < MAX_PROBLEMS) {
        problems.add(
            what
                + ": "
                + problem.getType()
                + " at "
                + problem.getLocation()
                + ", "
                + problem.getMessage());
      }
    }
  }
}
