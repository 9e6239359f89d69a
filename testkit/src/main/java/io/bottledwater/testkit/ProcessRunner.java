package io.bottledwater.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Starts a main class of this process's class path in a Java process of its own. One thread only.
 */
public final class ProcessRunner {
  private final String mainClass;
  private final List<String> jvmArguments = new ArrayList<>();
  private final List<String> arguments = new ArrayList<>();
  private final Map<String, @Nullable String> environment = new HashMap<>();
  private @Nullable Path directory;

  private ProcessRunner(String mainClass) {
    this.mainClass = mainClass;
  }

  public static ProcessRunner java(Class<?> mainClass) {
    return new ProcessRunner(mainClass.getName());
  }

  public static ProcessRunner java(String mainClass) {
    return new ProcessRunner(mainClass);
  }

  public ProcessRunner jvmArguments(String... values) {
    jvmArguments.addAll(List.of(values));
    return this;
  }

  public ProcessRunner arguments(String... values) {
    arguments.addAll(List.of(values));
    return this;
  }

  /**
   * @param value null takes the variable away
   */
  public ProcessRunner environment(String name, @Nullable String value) {
    environment.put(name, value);
    return this;
  }

  public ProcessRunner directory(Path value) {
    this.directory = value;
    return this;
  }

  /** The caller closes it; the end of this process kills it, too. */
  public RunningProcess start() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmArguments);
    command.add(mainClass);
    command.addAll(arguments);
    return start(command);
  }

  /** Starts a program with the arguments; what belongs to a JVM is not used. */
  public RunningProcess startProgram(Path program) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(arguments);
    return start(command);
  }

  private RunningProcess start(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    // Not an argument: class paths of tests grow long, and arguments show in process lists.
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    environment.forEach(
        (name, value) -> {
          if (value == null) {
            builder.environment().remove(name);
          } else {
            builder.environment().put(name, value);
          }
        });
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    try {
      return new RunningProcess(builder.start(), mainClass);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
