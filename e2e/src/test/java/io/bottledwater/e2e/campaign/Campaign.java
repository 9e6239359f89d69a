package io.bottledwater.e2e.campaign;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs faults and prints a table of what they did: {@code Campaign [--faults=1,6,...] [--repeat=N]
 * [--rounds=N] [--seed=N] [--short] [--mutants]}. With {@code --mutants} it judges those, all or
 * the ones that {@code --faults} names. Exit code 1 when a rule was broken.
 */
final class Campaign {
  private final PrintStream out;
  private final Map<Fault, List<Result>> results = new LinkedHashMap<>();

  Campaign(PrintStream out) {
    this.out = out;
  }

  public static void main(String[] arguments) {
    List<String> wanted = List.of();
    int repeat = 1;
    int rounds = 0;
    long seed = System.nanoTime() & 0xFFFFFFFL;
    boolean brief = false;
    boolean mutants = false;
    for (String argument : arguments) {
      String value = argument.substring(argument.indexOf('=') + 1);
      if (argument.startsWith("--faults=")) {
        wanted = List.of(value.split(","));
      } else if (argument.startsWith("--repeat=")) {
        repeat = Integer.parseInt(value);
      } else if (argument.startsWith("--rounds=")) {
        rounds = Integer.parseInt(value);
      } else if (argument.startsWith("--seed=")) {
        seed = Long.parseLong(value);
      } else if (argument.equals("--short")) {
        brief = true;
      } else if (argument.equals("--mutants")) {
        mutants = true;
      } else {
        System.err.println("unknown argument " + argument);
        System.exit(2);
      }
    }
    Campaign campaign = new Campaign(System.out);
    if (mutants) {
      System.exit(judgeMutants(wanted, seed) ? 0 : 1);
    }
    try (Servers servers = Servers.start()) {
      for (Fault fault : Faults.ALL) {
        if (!wanted.isEmpty() && !wanted.contains(fault.number())) {
          continue;
        }
        int times = rounds > 0 ? rounds : brief ? fault.shortRounds() : fault.fullRounds();
        try {
          for (int i = 0; i < repeat; i++) {
            campaign.run(servers, fault, times, seed + i);
          }
        } catch (CannotHappenHere e) {
          // It has no line in the table.
          continue;
        }
      }
    }
    campaign.print();
    System.exit(campaign.failed() ? 1 : 0);
  }

  private static boolean judgeMutants(List<String> wanted, long seed) {
    boolean allCaught = true;
    System.out.println("| mutant | violations |\n|---|---|");
    try (Servers servers = Servers.start()) {
      for (Mutant mutant : Mutant.values()) {
        if (!wanted.isEmpty() && !wanted.contains(mutant.name())) {
          continue;
        }
        Violations violations = MutantRun.of(servers, mutant, seed);
        allCaught &= mutant.isControl() ? violations.isEmpty() : mutant.isCaughtBy(violations);
        System.out.println("| " + mutant + " | " + violations.counts() + " |");
        if (violations.count(Rule.OUTCOME) > 0) {
          System.out.println(violations);
        }
      }
    }
    return allCaught;
  }

  /**
   * Runs a fault once. What goes wrong is in the result, too.
   *
   * @throws CannotHappenHere when there is no result
   */
  Result run(Servers servers, Fault fault, int rounds, long seed) {
    out.println("fault " + fault.number() + " (" + fault.title() + "), seed " + seed);
    long began = System.nanoTime();
    Result result;
    try (Scene scene = new Scene(servers, rounds, seed)) {
      try {
        fault.injection().inject(scene);
        result = scene.finish();
      } catch (CannotHappenHere e) {
        out.println("not run: " + e.getMessage());
        throw e;
      } catch (Exception | AssertionError e) {
        e.printStackTrace(out);
        scene.violations().add(Rule.OUTCOME, String.valueOf(e.getMessage()));
        result = scene.result();
      }
      if (!result.violations().isEmpty()) {
        out.println("violations: " + result.violations());
        out.println(scene.logs());
      }
    }
    out.println(fault.number() + " took " + (System.nanoTime() - began) / 1_000_000_000L + " s");
    results.computeIfAbsent(fault, f -> new ArrayList<>()).add(result);
    return result;
  }

  boolean failed() {
    return results.values().stream()
        .anyMatch(runs -> runs.stream().anyMatch(run -> !run.violations().isEmpty()));
  }

  /** A table in Markdown. */
  void print() {
    out.println(
        "| fault | runs | transactions | unknown | records | O1 | O2 | O3 | O4 | O5 | O6 | O7 | O8"
            + " | other | recovery (max) | duplicates |");
    out.println("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    results.forEach((fault, runs) -> out.println(row(fault, runs)));
  }

  private static String row(Fault fault, List<Result> runs) {
    Violations all = new Violations();
    runs.forEach(run -> all.addAll(run.violations()));
    StringBuilder line = new StringBuilder("| ");
    line.append(fault.number()).append(' ').append(fault.title());
    cell(line, runs.size());
    cell(line, runs.stream().mapToLong(Result::transactions).sum());
    cell(line, runs.stream().mapToLong(Result::unknown).sum());
    cell(line, runs.stream().mapToLong(Result::records).sum());
    for (Rule rule : Rule.values()) {
      if (rule.name().startsWith("O") && rule != Rule.OUTCOME) {
        cell(line, all.count(rule));
      }
    }
    cell(line, all.count(Rule.OUTCOME) + all.count(Rule.SECRET));
    long recovery = runs.stream().mapToLong(Result::recoveryMillis).max().orElse(0);
    line.append(" | ").append(recovery / 100 / 10.0).append(" s");
    cell(line, runs.stream().mapToLong(Result::duplicates).sum());
    return line.append(" |").toString();
  }

  private static void cell(StringBuilder line, long value) {
    line.append(" | ").append(value);
  }
}
