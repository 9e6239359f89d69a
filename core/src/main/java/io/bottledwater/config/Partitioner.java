package io.bottledwater.config;

/**
 * How a key chooses its partition; the words on the command line are these in lower case with
 * dashes.
 */
public enum Partitioner {
  MURMUR2,
  CRC32
}
