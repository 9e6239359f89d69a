package io.bottledwater.testkit;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** Google's own compiler of .proto files. */
public final class ProtobufCompiler {
  private ProtobufCompiler() {}

  /**
   * The first message of a file that imports nothing.
   *
   * @throws IllegalArgumentException with the compiler's messages
   */
  public static Descriptor firstMessage(String proto) {
    return compile(List.of(proto)).get(0).getMessageTypes().get(0);
  }

  /** Compiles files that import nothing in one run, as a user does who reads several topics. */
  public static List<FileDescriptor> compile(List<String> protos) {
    Path directory = TemporaryDirectories.create("protoc");
    Path result = directory.resolve("result");
    List<String> command = new ArrayList<>();
    command.add(executable().getPath());
    command.add("--proto_path=" + directory);
    command.add("--descriptor_set_out=" + result);
    try {
      for (int i = 0; i < protos.size(); i++) {
        Path file = Files.writeString(directory.resolve("file" + i + ".proto"), protos.get(i));
        command.add(file.toString());
      }
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalArgumentException(output);
      }
      List<FileDescriptor> files = new ArrayList<>();
      FileDescriptorSet set = FileDescriptorSet.parseFrom(Files.readAllBytes(result));
      for (FileDescriptorProto file : set.getFileList()) {
        files.add(FileDescriptor.buildFrom(file, new FileDescriptor[0]));
      }
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (DescriptorValidationException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static synchronized File executable() {
    Properties properties = new Properties();
    try (InputStream in = ProtobufCompiler.class.getResourceAsStream("protoc.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    File executable = new File(properties.getProperty("executable"));
    if (!executable.canExecute() && !executable.setExecutable(true)) {
      throw new IllegalStateException(executable + " cannot be made executable");
    }
    return executable;
  }
}
