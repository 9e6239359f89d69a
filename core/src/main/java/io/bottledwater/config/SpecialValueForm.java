package io.bottledwater.config;

/**
 * What becomes of a value that its schema cannot hold; the words on the command line are these in
 * lower case.
 */
public enum SpecialValueForm {
  STOP,
  NULL,
  STRING
}
