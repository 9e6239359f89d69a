package io.bottledwater.config;

/** What enumerated types are written as; the words on the command line are these in lower case. */
public enum EnumForm {
  STRING,
  ENUM
}
