package io.bottledwater.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What to measure.
 *
 * @param rows of the six-column table; heavier shapes have fewer
 * @param seconds of load over which latency is measured
 * @param warmUpSeconds of the same load before that
 * @param repeat runs of each subject
 * @param tls whether PostgreSQL offers TLS, which all subjects then take
 */
record BenchOptions(
    long rows,
    int seconds,
    int warmUpSeconds,
    int repeat,
    boolean tls,
    List<Scenario> scenarios,
    List<Subject> subjects) {
  static final String USAGE =
      """
      bench/run [--rows=N] [--repeat=N] [--scenario=NAME,...|all] [--subject=NAME,...]
                [--seconds=N] [--warm-up=N] [--tls] [--launcher=PATH] [--pump-jvm="ARGUMENTS"] [--pump-args="ARGUMENTS"] [--variant="NAME ARGUMENTS"]...

      --rows      rows of the six-column table, 1000000 by default; heavier shapes have fewer
      --repeat    runs of each subject, 3 by default
      --scenario  snapshot,backlog by default; of %s
      --subject   all by default; of %s
      --seconds   of load over which latency is measured, 30 by default
      --warm-up   seconds of the same load before that, 15 by default
      --tls       PostgreSQL offers TLS, and all take it
      --launcher  start the pump by this launcher, in its own way; --pump-jvm then goes to it
      --pump-jvm  arguments of the pump's JVM, as the launcher gives them by default
      --pump-args more options of the pump
      --variant   measure the pump with these arguments, too, beside the pump without them;
                  those that begin with -X are the JVM's
      """;

  // The launcher's.
  private static final String PUMP_JVM = "-Xmx128m -Xmn16m -XX:+UseSerialGC";

  private static final int DEFAULT_ROWS = 1_000_000;
  private static final int DEFAULT_REPEAT = 3;
  private static final int DEFAULT_SECONDS = 30;
  private static final int DEFAULT_WARM_UP_SECONDS = 15;

  /**
   * @throws IllegalArgumentException with what is wrong
   */
  static BenchOptions parse(String... arguments) {
    long rows = DEFAULT_ROWS;
    int repeat = DEFAULT_REPEAT;
    int seconds = DEFAULT_SECONDS;
    int warmUpSeconds = DEFAULT_WARM_UP_SECONDS;
    boolean tls = false;
    List<Scenario> scenarios = List.of(Scenario.SNAPSHOT, Scenario.BACKLOG);
    Path launcher = null;
    List<String> pumpJvm = words(PUMP_JVM);
    List<String> pumpArguments = List.of();
    List<String> wanted = List.of();
    List<List<String>> variants = new ArrayList<>();
    for (String argument : arguments) {
      String[] parts = argument.split("=", 2);
      String value = parts.length == 2 ? parts[1] : "";
      switch (parts[0]) {
        case "--rows" -> rows = positive(argument, value);
        case "--repeat" -> repeat = Math.toIntExact(positive(argument, value));
        case "--seconds" -> seconds = Math.toIntExact(positive(argument, value));
        case "--warm-up" -> warmUpSeconds = Math.toIntExact(positive(argument, value));
        case "--scenario" -> scenarios = scenarios(value);
        case "--subject" -> wanted = Arrays.asList(value.split(","));
        case "--tls" -> tls = on(argument, parts.length);
        case "--launcher" -> launcher = Path.of(value).toAbsolutePath();
        case "--pump-jvm" -> pumpJvm = words(value);
        case "--variant" -> variants.add(words(value));
        case "--pump-args" -> pumpArguments = words(value);
        default -> throw new IllegalArgumentException(argument + ": unknown\n\n" + usage());
      }
    }
    return new BenchOptions(
        rows,
        seconds,
        warmUpSeconds,
        repeat,
        tls,
        scenarios,
        withVariants(subjects(wanted, allSubjects(launcher, pumpJvm, pumpArguments)), variants));
  }

  private static boolean on(String argument, int parts) {
    if (parts != 1) {
      throw new IllegalArgumentException(argument + ": takes no value\n\n" + usage());
    }
    return true;
  }

  static String usage() {
    return USAGE.formatted(
        Arrays.stream(Scenario.values()).map(Scenario::label).collect(Collectors.joining(",")),
        allSubjects(null, List.of(), List.of()).stream()
            .map(Subject::name)
            .collect(Collectors.joining(",")));
  }

  private static List<Subject> allSubjects(
      @Nullable Path launcher, List<String> pumpJvm, List<String> pumpArguments) {
    List<Subject> all = new ArrayList<>();
    all.add(new LimitSubject());
    all.addAll(PumpSubject.all(launcher, pumpJvm, pumpArguments));
    all.add(new DebeziumSubject());
    return all;
  }

  private static List<Subject> subjects(List<String> wanted, List<Subject> all) {
    for (String name : wanted) {
      if (all.stream().noneMatch(subject -> subject.name().equals(name))) {
        throw new IllegalArgumentException("--subject=" + name + ": unknown\n\n" + usage());
      }
    }
    return all.stream()
        .filter(subject -> wanted.isEmpty() || wanted.contains(subject.name()))
        .toList();
  }

  private static List<Subject> withVariants(List<Subject> subjects, List<List<String>> variants) {
    List<Subject> all = new ArrayList<>();
    for (Subject subject : subjects) {
      all.add(subject);
      if (subject instanceof PumpSubject pump) {
        for (List<String> variant : variants) {
          all.add(pump.variant(variant.get(0), variant.subList(1, variant.size())));
        }
      }
    }
    return all;
  }

  private static List<Scenario> scenarios(String value) {
    if (value.equals("all")) {
      return List.of(Scenario.values());
    }
    List<Scenario> found = new ArrayList<>();
    for (String name : value.split(",")) {
      found.add(
          Arrays.stream(Scenario.values())
              .filter(scenario -> scenario.label().equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "--scenario=" + name + ": unknown\n\n" + usage())));
    }
    return found;
  }

  private static List<String> words(String value) {
    return Arrays.asList(value.strip().split("\\s+"));
  }

  private static long positive(String argument, String value) {
    if (!value.matches("[1-9][0-9]{0,9}")) {
      throw new IllegalArgumentException(argument + ": not a positive number");
    }
    return Long.parseLong(value);
  }
}
