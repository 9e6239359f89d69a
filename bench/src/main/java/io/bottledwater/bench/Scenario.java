package io.bottledwater.bench;

import java.util.Locale;

/** What is measured: where the rows come from, and what they look like. */
enum Scenario {
  SNAPSHOT(Shape.SIX),
  BACKLOG(Shape.SIX),
  SNAPSHOT_WIDE(Shape.WIDE),
  BACKLOG_WIDE(Shape.WIDE),
  SNAPSHOT_LARGE(Shape.LARGE),
  BACKLOG_LARGE(Shape.LARGE),
  SNAPSHOT_TABLES(Shape.TABLES),
  BACKLOG_TABLES(Shape.TABLES),
  BACKLOG_MIXED(Shape.MIXED),
  BACKLOG_LONG(Shape.LONG),
  BACKLOG_SPREAD(Shape.SPREAD),
  LATENCY_500(500),
  LATENCY_5000(5000);

  private final Shape shape;
  private final int transactionsPerSecond;

  Scenario(Shape shape) {
    this.shape = shape;
    this.transactionsPerSecond = 0;
  }

  Scenario(int transactionsPerSecond) {
    this.shape = Shape.SIX;
    this.transactionsPerSecond = transactionsPerSecond;
  }

  Shape shape() {
    return shape;
  }

  /** Whether the rows are there before the slot; otherwise changes wait in the slot. */
  boolean isSnapshot() {
    return name().startsWith("SNAPSHOT");
  }

  /** Whether the changes come one after the other, each to be seen as soon as may be. */
  boolean isLatency() {
    return transactionsPerSecond > 0;
  }

  /** Of one row each; 0 where it is not latency that is measured. */
  int transactionsPerSecond() {
    return transactionsPerSecond;
  }

  /** As on the command line and in the table. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
