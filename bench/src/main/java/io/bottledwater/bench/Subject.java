package io.bottledwater.bench;

import io.bottledwater.testkit.RunningProcess;

/** Something that reads the rows, in a process of its own. */
interface Subject {
  /** How it can be seen from outside that all rows have arrived. */
  enum Finish {
    /** The topics hold them, committed. */
    TOPICS,
    /** The process says so: for those that write nowhere. */
    LINE,
    /** The server has sent the backlog to its end, and the process has become quiet. */
    QUIET
  }

  /** As on the command line and in the table. */
  String name();

  /** Starts on the job; the caller ends the process. */
  RunningProcess start(Job job, Servers servers);

  Finish finish(Job job);

  /** The topic of a table of the job. */
  default String topic(Job job, String table) {
    return job.id() + "." + table;
  }

  /** Whether the rows go to topics, where they can be counted and timed. */
  default boolean writesTopics() {
    return true;
  }

  /** Whether it is the pump: SIGTERM must give exit code 0, and its allocation is asked for. */
  default boolean isPump() {
    return false;
  }
}
