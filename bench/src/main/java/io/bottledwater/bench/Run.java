package io.bottledwater.bench;

/** What one run of one subject has given. */
interface Run {
  Scenario scenario();

  String subject();

  /** Which of the runs, from 1; runs of the same number stood next to each other in time. */
  int repeat();

  /** Whether the topics held every row once. */
  boolean isComplete();
}
