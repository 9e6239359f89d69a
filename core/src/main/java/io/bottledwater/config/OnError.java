package io.bottledwater.config;

/**
 * What to do with a record that cannot be delivered; the words on the command line are these in
 * lower case with dashes.
 */
public enum OnError {
  EXIT,
  LOG
}
