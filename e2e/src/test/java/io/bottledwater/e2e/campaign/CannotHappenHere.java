package io.bottledwater.e2e.campaign;

/** A fault that takes something which this machine does not give. The message says what. */
final class CannotHappenHere extends RuntimeException {
  private static final long serialVersionUID = 1;

  CannotHappenHere(String what) {
    super(what);
  }
}
