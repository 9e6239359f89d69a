package io.bottledwater.registry.protobuf;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.squareup.wire.schema.Location;
import com.squareup.wire.schema.internal.parser.ProtoFileElement;
import com.squareup.wire.schema.internal.parser.ProtoParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A schema of type PROTOBUF from the registry: its text in one layout, and its descriptor.
 *
 * @param text laid out in one way, whatever layout it came in
 * @param comments what stands above fields, by their full names, and above values of enums, by the
 *     enum's full name, a dot and the value's name
 */
public record ProtobufSchema(String text, FileDescriptor file, Map<String, String> comments) {
  private static final int MOST_CHARS = 4 << 20;

  /**
   * @param imported finds a file that is imported; null for one that is not known
   * @throws IllegalArgumentException with the reason when the text is no .proto file, or one whose
   *     types do not fit together
   */
  public static ProtobufSchema parse(
      String text, Function<String, @Nullable FileDescriptor> imported) {
    if (text.length() > MOST_CHARS) {
      throw new IllegalArgumentException("it is too long");
    }
    String laidOut = ProtoLayout.of(text);
    try {
      ProtoFileElement element = ProtoParser.Companion.parse(Location.get(""), laidOut);
      DescriptorBuilder builder = new DescriptorBuilder(element);
      FileDescriptorProto proto = builder.build();
      List<FileDescriptor> dependencies = new ArrayList<>();
      boolean unknown = false;
      for (String name : proto.getDependencyList()) {
        FileDescriptor found = WellKnownFiles.find(name);
        if (found == null) {
          found = imported.apply(name);
        }
        if (found != null) {
          dependencies.add(found);
        } else if (WellKnownFiles.mayBeMissing(name)) {
          unknown = true;
        } else {
          throw new IllegalArgumentException("the imported file " + name + " is not known");
        }
      }
      FileDescriptor file =
          FileDescriptor.buildFrom(proto, dependencies.toArray(new FileDescriptor[0]), unknown);
      if (file.getMessageTypes().isEmpty() && file.getEnumTypes().isEmpty()) {
        throw new IllegalArgumentException("it declares no message");
      }
      return new ProtobufSchema(laidOut, file, builder.comments());
    } catch (IllegalStateException e) {
      // So says the parser, with line and column.
      throw new IllegalArgumentException(firstLine(e), e);
    } catch (DescriptorValidationException e) {
      throw new IllegalArgumentException(e.getProblemSymbolName() + ": " + e.getDescription(), e);
    } catch (StackOverflowError e) {
      throw new IllegalArgumentException("its types are nested too deep", e);
    } catch (IndexOutOfBoundsException | NullPointerException | ClassCastException e) {
      throw new IllegalArgumentException("it is no .proto file", e);
    }
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("it is no .proto file");
  }
}
