package io.bottledwater.bench;

/**
 * One run of one subject.
 *
 * @param id of the run: names its slot and prefixes its topics
 * @param publication of all the workload's tables
 * @param endLsn where the backlog ends; 0 where there is none
 */
record Job(
    String id,
    Scenario scenario,
    Workload workload,
    String database,
    String publication,
    long endLsn) {
  /** The id of a run. */
  static String id(Scenario scenario, Subject subject, int repeat) {
    return (scenario.label() + "_" + subject.name() + "_" + repeat).replaceAll("[^a-z0-9]", "_");
  }

  String slot() {
    return id;
  }
}
