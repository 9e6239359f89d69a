package io.bottledwater.config;

/** How log lines look; the words on the command line are these in lower case with dashes. */
public enum LogFormat {
  TEXT,
  JSON
}
