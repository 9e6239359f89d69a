package io.bottledwater.config;

/** What a restart may repeat; the words on the command line are these in lower case with dashes. */
public enum Delivery {
  EXACTLY_ONCE,
  AT_LEAST_ONCE
}
