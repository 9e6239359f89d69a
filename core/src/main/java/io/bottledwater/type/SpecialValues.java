package io.bottledwater.type;

/**
 * What becomes of a valid value that its column's schema cannot hold, such as NaN in a decimal or
 * an array of two dimensions.
 */
public enum SpecialValues {
  /** The pump stops and names the place. */
  STOP,
  /** Null is written, counted and logged. A key's fields cannot be null, so there it stops. */
  NULL,
  /** The schema has a branch for PostgreSQL's text beside the value's own type. */
  STRING
}
