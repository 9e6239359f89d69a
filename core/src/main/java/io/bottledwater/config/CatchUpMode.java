package io.bottledwater.config;

/** How a backlog is read; the words on the command line are these in lower case. */
public enum CatchUpMode {
  AUTO,
  OFF
}
