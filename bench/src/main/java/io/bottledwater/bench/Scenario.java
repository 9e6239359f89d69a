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
  BACKLOG_LONG(Shape.LONG);

  private final Shape shape;

  Scenario(Shape shape) {
    this.shape = shape;
  }

  Shape shape() {
    return shape;
  }

  /** Whether the rows are there before the slot; otherwise changes wait in the slot. */
  boolean isSnapshot() {
    return name().startsWith("SNAPSHOT");
  }

  /** As on the command line and in the table. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
