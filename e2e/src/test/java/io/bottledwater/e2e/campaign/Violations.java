package io.bottledwater.e2e.campaign;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What broke a rule: counted by rule, the first few described by LSN and key. Thread safe. */
final class Violations {
  private static final int DESCRIBED = 12;

  private final Map<Rule, Integer> counts = new EnumMap<>(Rule.class);
  private final List<String> descriptions = new ArrayList<>();

  synchronized void add(Rule rule, String description) {
    int count = counts.merge(rule, 1, Integer::sum);
    if (count <= DESCRIBED) {
      descriptions.add(rule + " " + description);
    }
  }

  synchronized void addAll(Violations others) {
    others.counts().forEach((rule, count) -> counts.merge(rule, count, Integer::sum));
    descriptions.addAll(others.descriptions());
  }

  synchronized boolean isEmpty() {
    return counts.isEmpty();
  }

  synchronized int count(Rule rule) {
    return counts.getOrDefault(rule, 0);
  }

  synchronized Map<Rule, Integer> counts() {
    return new EnumMap<>(counts.isEmpty() ? new EnumMap<Rule, Integer>(Rule.class) : counts);
  }

  synchronized List<String> descriptions() {
    return List.copyOf(descriptions);
  }

  @Override
  public String toString() {
    return counts() + "\n" + String.join("\n", descriptions());
  }
}
