package io.bottledwater.config;

/** The headings under which help lists options. */
public enum OptionGroup {
  POSTGRES("PostgreSQL"),
  KAFKA("Kafka"),
  RECORDS("Records"),
  RUNNING("Running"),
  GENERAL("General");

  private final String title;

  OptionGroup(String title) {
    this.title = title;
  }

  public String title() {
    return title;
  }
}
