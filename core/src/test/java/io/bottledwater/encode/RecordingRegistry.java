package io.bottledwater.encode;

import io.bottledwater.schema.SchemaRegistry;

/** Takes every schema and remembers the last one. */
public final class RecordingRegistry implements SchemaRegistry {
  /** With four different bytes. */
  public static final int ID = 0x01020304;

  private String subject = "";
  private String type = "";
  private String schema = "";

  @Override
  public int register(String subject, String type, String schema) {
    this.subject = subject;
    this.type = type;
    this.schema = schema;
    return ID;
  }

  public String subject() {
    return subject;
  }

  public String type() {
    return type;
  }

  public String schema() {
    return schema;
  }

  @Override
  public void close() {}
}
