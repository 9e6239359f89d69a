package io.bottledwater.config;

/**
 * How keys and values are encoded; the words on the command line are these in lower case with
 * dashes.
 */
public enum Encoding {
  AVRO,
  JSON
}
