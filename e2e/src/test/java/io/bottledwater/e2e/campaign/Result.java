package io.bottledwater.e2e.campaign;

/**
 * What a run has shown.
 *
 * @param transactions committed by the load
 * @param unknown of these, resolved from the ledger after the connection broke
 * @param samples comparisons of slot and position
 * @param recoveryMillis the longest time from a fault's end to a change committed after it
 */
record Result(
    long transactions,
    long unknown,
    long records,
    long duplicates,
    long samples,
    long recoveryMillis,
    Violations violations) {}
