package io.bottledwater.type.debezium;

import io.bottledwater.value.ForwardingWriter;

/** A JSON document as a text that holds it. One thread only. */
final class JsonAsText extends ForwardingWriter {
  @Override
  public void writeJson(byte[] bytes, int offset, int length) {
    out().writeString(bytes, offset, length);
  }
}
