package io.bottledwater.config;

/**
 * What to do with a schema that the registry refuses because it does not fit the earlier ones; the
 * words on the command line are these in lower case with dashes.
 */
public enum OnIncompatibleSchema {
  STOP,
  FORCE,
  NEW_TOPIC
}
