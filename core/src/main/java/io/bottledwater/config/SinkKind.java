package io.bottledwater.config;

/** Where records go; the words on the command line are these in lower case with dashes. */
public enum SinkKind {
  KAFKA,
  DISCARD,
  STDOUT
}
