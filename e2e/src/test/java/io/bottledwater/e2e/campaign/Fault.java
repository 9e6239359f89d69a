package io.bottledwater.e2e.campaign;

/**
 * A way in which things go wrong.
 *
 * @param number its number in the campaign's table
 * @param shortRounds how often it happens in a run of the short form
 * @param fullRounds how often in the full form
 * @param inShortForm whether the short form has it
 */
record Fault(
    String number,
    String title,
    int shortRounds,
    int fullRounds,
    boolean inShortForm,
    Injection injection) {

  /** Starts the scene and makes the fault happen; returns when it is over. */
  interface Injection {
    void inject(Scene scene) throws Exception;
  }
}
