package io.bottledwater.config;

/** How values come in the stream; the words on the command line are these in lower case. */
public enum ValueForm {
  AUTO,
  TEXT
}
