package io.bottledwater.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.encode.FormatProvider;
import io.bottledwater.testkit.TemporaryDirectories;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The launcher on a tree that looks built, made of this test's class path. */
class LauncherTest {
  private Path temporary;
  private Path home;

  @BeforeEach
  void makeTree() throws IOException {
    temporary = TemporaryDirectories.create("launcher");
    home = Files.createDirectories(temporary.resolve("a place with spaces"));
    Path launcher = Path.of("..", "bottledwater").toRealPath();
    Files.copy(launcher, home.resolve("bottledwater"), StandardCopyOption.COPY_ATTRIBUTES);
    Path libraries = Files.createDirectories(home.resolve("cli/target/lib"));
    int number = 100;
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path source = Path.of(entry).toAbsolutePath();
      // In their order.
      Path jar = libraries.resolve(number++ + ".jar");
      if (Files.isDirectory(source)) {
        pack(source, jar);
      } else {
        Files.createSymbolicLink(jar, source);
      }
    }
    Files.createFile(home.resolve("cli/target/launcher.stamp"));
  }

  @AfterEach
  void deleteTree() {
    TemporaryDirectories.delete(temporary);
  }

  @Test
  void runsFromAnyDirectoryThroughASymbolicLink() throws Exception {
    Path link = Files.createSymbolicLink(temporary.resolve("bw"), home.resolve("bottledwater"));
    Path relative = Files.createSymbolicLink(temporary.resolve("bw2"), Path.of("bw"));

    Result result = run(relative, Map.of(), "consume", "--topic=a b", "--help");

    assertThat(link).isSymbolicLink();
    assertThat(result.errors()).isEmpty();
    assertThat(result.code()).isZero();
    assertThat(result.output()).startsWith("Usage: bottledwater consume");
  }

  @Test
  void passesArgumentsAndTheExitCodeThrough() throws Exception {
    Result result = run(home.resolve("bottledwater"), Map.of(), "consume", "--topic=a b*");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.errors()).contains("BW-USAGE").contains("'a b*'");
  }

  @Test
  void takesJvmOptionsFromTheEnvironment() throws Exception {
    Result result =
        run(
            home.resolve("bottledwater"),
            Map.of("BOTTLEDWATER_JAVA_OPTS", "-Xmx64m -XshowSettings:vm"),
            "--help");

    assertThat(result.errors()).contains("Max. Heap Size: 64.00M");
    assertThat(result.output()).startsWith("Usage: bottledwater [OPTIONS]");
  }

  @Test
  void keepsTheSecondCompilerFromThePumpAlone() throws Exception {
    Map<String, String> asked = Map.of("BOTTLEDWATER_JAVA_OPTS", "-XX:+PrintFlagsFinal");

    Result pump = run(home.resolve("bottledwater"), asked, "--version");
    Result other = run(home.resolve("bottledwater"), asked, "consume", "--help");

    assertThat(pump.errors())
        .containsPattern("Tier4InvocationThreshold += 1000000 ")
        .containsPattern("C1UpdateMethodData += false ");
    assertThat(other.errors()).containsPattern("Tier4InvocationThreshold += 5000 ");
  }

  @Test
  void takesFormatsFromTheClassPathOfTheEnvironment() throws Exception {
    Path classes = Files.createDirectories(temporary.resolve("classes"));
    Path source =
        Files.writeString(
            temporary.resolve("Shout.java"),
            """
            import io.bottledwater.encode.*;
            public class Shout implements FormatProvider {
              public String name() { return "shout"; }
              public OutputFormat create(FormatSettings settings) {
                throw new UnsupportedOperationException();
              }
            }
            """);
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-proc:none", "-d", classes.toString(), source.toString());
    assertThat(compiled).isZero();
    Path services = Files.createDirectories(classes.resolve("META-INF/services"));
    Files.writeString(services.resolve(FormatProvider.class.getName()), "Shout\n");
    Path jar = temporary.resolve("a format.jar");
    pack(classes, jar);
    String[] arguments = {"--postgres=postgres:///", "--output-format=shoot"};

    Result without = run(home.resolve("bottledwater"), Map.of(), arguments);
    Result with =
        run(
            home.resolve("bottledwater"),
            Map.of("BOTTLEDWATER_CLASSPATH", temporary.resolve("other.jar") + ":" + jar),
            arguments);

    assertThat(without.code()).isEqualTo(with.code()).isEqualTo(2);
    assertThat(without.errors()).contains("BW-USAGE", "'shoot' is not one of avro, json, protobuf");
    assertThat(with.errors())
        .contains("is not one of avro, json, protobuf, shout")
        .contains("Did you mean shout?");
  }

  @Test
  void preparesQuickerStartsAgainOnceWhenJarsAreYounger() throws Exception {
    // Whichever Java it picks.
    for (int version = 17; version < 60; version++) {
      for (String name : List.of("classes-" + version + ".jsa", "trained-" + version + ".aot")) {
        Path old = Files.writeString(home.resolve("cli/target").resolve(name), "old");
        Files.setLastModifiedTime(old, FileTime.fromMillis(0));
      }
    }

    Result first = run(home.resolve("bottledwater"), Map.of(), "--version");
    Result second = run(home.resolve("bottledwater"), Map.of(), "--version");

    assertThat(first.errors()).contains("preparing quicker starts");
    assertThat(second.errors()).isEmpty();
    assertThat(first.output()).isEqualTo(second.output()).startsWith("bottledwater ");
  }

  @Test
  void isReplacedByThePumpSoThatSignalsReachIt() throws Exception {
    Process process =
        builder(
                home.resolve("bottledwater"),
                Map.of(),
                "platform",
                "--data=" + temporary.resolve("data"),
                "--kafka=127.0.0.1:0",
                "--registry=off")
            .start();
    try (BufferedReader errors =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8))) {
      assertThat(errors.lines().anyMatch(line -> line.contains("platform ready: "))).isTrue();
      assertThat(process.toHandle().children()).isEmpty();

      process.destroy();

      assertThat(process.waitFor()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, out);
      }
    }
  }

  private Result run(Path program, Map<String, String> environment, String... arguments)
      throws Exception {
    Path out = temporary.resolve("out");
    Path err = temporary.resolve("err");
    int code =
        builder(program, environment, arguments)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start()
            .waitFor();
    return new Result(code, Files.readString(out), Files.readString(err));
  }

  private ProcessBuilder builder(
      Path program, Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(new File("/"));
    builder.environment().putAll(environment);
    return builder;
  }

  private record Result(int code, String output, String errors) {}
}
