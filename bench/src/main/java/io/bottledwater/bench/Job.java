package io.bottledwater.bench;

/**
 * One run of one subject.
 *
 * @param id of the run: names its slot and prefixes its topics
 * @param publication of all the workload's tables
 * @param endLsn where the backlog ends; 0 for a snapshot
 */
record Job(
    String id,
    Scenario scenario,
    Workload workload,
    String database,
    String publication,
    long endLsn) {
  String slot() {
    return id;
  }
}
