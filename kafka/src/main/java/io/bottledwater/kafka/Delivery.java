package io.bottledwater.kafka;

/** What {@code --delivery} promises. */
public enum Delivery {
  /** Transactions: records and position become visible together, once. */
  EXACTLY_ONCE,
  /** No transactions: nothing is lost, and after a fault some records come again. */
  AT_LEAST_ONCE
}
