package io.bottledwater.encode.protobuf;

import io.bottledwater.encode.OutputFormat;
import io.bottledwater.encode.RowWriter;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.schema.SchemaRegistry;
import io.bottledwater.schema.Subject;
import io.bottledwater.schema.SubjectVersion;
import io.bottledwater.value.RowShape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Protobuf's binary encoding in the registry's wire format, described by proto3 files.
 *
 * <p>Field numbers come from the versions that the registry holds, see {@link FieldNumbers}, so
 * that a restart or another pump gives the same ones. Of two that register at the same time the
 * first wins: the other one looks at what came between and, where both gave one number to different
 * fields, registers again with other numbers before it writes anything.
 *
 * <p>A shape that was registered before gets the version that it had then. So rows that come once
 * more after a restart, from before a change of their table, do not move any number.
 *
 * <p>Thread safe; its writers belong to one thread each.
 */
public final class ProtobufFormat implements OutputFormat {
  private static final String TYPE = "PROTOBUF";
  private static final int MOST_ATTEMPTS = 10;
  private static final int SHAPES_KEPT = 1_000;

  private final SchemaRegistry registry;

  /** Snapshot readers ask for the same shapes again and again. */
  private final Map<RowShape, Registered> known =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<RowShape, Registered> eldest) {
              return size() > SHAPES_KEPT;
            }
          });

  private record Registered(int id, ProtobufSlot row) {}

  public ProtobufFormat(SchemaRegistry registry) {
    this.registry = registry;
  }

  @Override
  public String name() {
    return "protobuf";
  }

  @Override
  public RowWriter writerFor(RowShape shape) {
    Registered registered = known.get(shape);
    if (registered == null) {
      registered = register(shape);
      known.put(shape, registered);
    }
    return new ProtobufRowWriter(registered.row(), registered.id());
  }

  private Registered register(RowShape shape) {
    ProtoDeclaration declaration = new ProtoDeclaration(shape);
    String subject = Subject.of(shape.topic(), shape.key());
    SubjectVersion newest = registry.newest(subject).orElse(null);
    if (newest == null || !newest.type().equals(TYPE)) {
      return registerNew(shape, declaration, subject, newest);
    }
    Registered before = ifUnchanged(shape, declaration, subject, newest);
    if (before != null) {
      return before;
    }
    List<SubjectVersion> versions = registry.versionsAfter(subject, 0);
    for (int i = versions.size() - 1; i >= 0; i--) {
      SubjectVersion version = versions.get(i);
      if (version.type().equals(TYPE) && version.id() != newest.id()) {
        before = ifUnchanged(shape, declaration, subject, version);
        if (before != null) {
          return before;
        }
      }
    }
    return registerNew(shape, declaration, subject, newest);
  }

  /** Null when the version's declaration is another one than the shape would get after it. */
  private @Nullable Registered ifUnchanged(
      RowShape shape, ProtoDeclaration declaration, String subject, SubjectVersion version) {
    ProtoMessage earlier = read(version);
    ProtoMessage numbered = FieldNumbers.give(declaration.message(), List.of(earlier));
    String name = declaration.packageName();
    boolean same = ProtoPrinter.print(name, numbered).equals(ProtoPrinter.print(name, earlier));
    return same
        ? new Registered(
            registry.take(subject, version), ProtobufSlot.ofRow(shape, declaration, numbered))
        : null;
  }

  private Registered registerNew(
      RowShape shape,
      ProtoDeclaration declaration,
      String subject,
      @Nullable SubjectVersion newest) {
    List<ProtoMessage> earlier = new ArrayList<>();
    int seen = newest == null ? 0 : newest.version();
    if (newest != null && newest.type().equals(TYPE)) {
      earlier.add(read(newest));
    }
    ProtoMessage numbered = FieldNumbers.give(declaration.message(), earlier);
    for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      String text = ProtoPrinter.print(declaration.packageName(), numbered);
      int id = registry.register(subject, TYPE, text);
      for (SubjectVersion version : registry.versionsAfter(subject, seen)) {
        seen = version.version();
        if (version.id() == id) {
          break;
        }
        earlier.add(read(version));
      }
      earlier.add(numbered);
      ProtoMessage again = FieldNumbers.give(declaration.message(), earlier);
      if (again.equals(numbered)) {
        return new Registered(id, ProtobufSlot.ofRow(shape, declaration, numbered));
      }
      numbered = again;
    }
    throw new BottledWaterException(
        ErrorCode.SCHEMA_REFUSED,
        "Others keep registering other Protobuf schemas under the subject " + subject + ".",
        "Let one pump alone write to a topic.",
        null);
  }

  private static ProtoMessage read(SubjectVersion version) {
    try {
      return ProtoReader.firstMessage(version.text());
    } catch (IllegalArgumentException e) {
      throw new BottledWaterException(
          ErrorCode.SCHEMA_REFUSED,
          "The Protobuf schema "
              + version.id()
              + " in the registry, from which field numbers have to be taken, cannot be read: "
              + e.getMessage()
              + ".",
          "Look at that version of the subject, and delete it if no record was written with it.",
          e);
    }
  }
}
