package io.bottledwater.e2e.campaign;

/** What must hold, whatever happens. */
enum Rule {
  O1("the tables rebuilt from the topics are the tables"),
  O2("ver rises by one per key, without gap and without duplicate"),
  O3("each committed ledger id comes exactly once, with as many rows as it says"),
  O4("a transaction is visible as a whole or not at all, and keeps the sum"),
  O5("commit LSNs and ordinals rise within a partition"),
  O6("nothing comes of what was rolled back"),
  O7("the slot is never confirmed beyond the recorded position"),
  O8("every schema id decodes"),
  SECRET("no password in any log"),
  OUTCOME("the pump goes on, or refuses with the right code");

  private final String meaning;

  Rule(String meaning) {
    this.meaning = meaning;
  }

  String meaning() {
    return meaning;
  }
}
