package io.bottledwater.type.debezium;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.value.ForwardingWriter;
import io.bottledwater.value.JsonString;

/** A map of texts as a JSON object in a text. One thread only. */
final class MapAsJson extends ForwardingWriter {
  private static final byte[] NULL = "null".getBytes(US_ASCII);

  private final ByteWriter json = new ByteWriter(128);
  private boolean first;

  @Override
  public void beginMap(int size) {
    json.reset();
    json.writeByte('{');
    first = true;
  }

  @Override
  public void key(byte[] bytes, int offset, int length) {
    if (!first) {
      json.writeByte(',');
    }
    first = false;
    JsonString.write(json, bytes, offset, length);
    json.writeByte(':');
  }

  @Override
  public void writeString(byte[] bytes, int offset, int length) {
    JsonString.write(json, bytes, offset, length);
  }

  @Override
  public void writeNull() {
    json.writeBytes(NULL);
  }

  @Override
  public void endMap() {
    json.writeByte('}');
    out().writeString(json.array(), 0, json.position());
  }
}
