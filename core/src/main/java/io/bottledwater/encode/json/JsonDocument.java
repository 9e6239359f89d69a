package io.bottledwater.encode.json;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.value.MalformedValueException;

/**
 * Takes over a JSON document as it is, without the white space between its tokens: a record is one
 * line, while a {@code json} column keeps the line ends that it was written with. Numbers keep
 * their digits, duplicate keys stay. Stateless.
 */
public final class JsonDocument {
  private JsonDocument() {}

  /**
   * @throws MalformedValueException where the text cannot be JSON; it is not parsed
   */
  public static void write(ByteWriter out, byte[] json, int offset, int length) {
    int end = offset + length;
    int keptFrom = offset;
    boolean inString = false;
    for (int i = offset; i < end; i++) {
      byte b = json[i];
      if (inString) {
        if (b == '"') {
          inString = false;
        } else if (b == '\\') {
          i++;
        } else if (b >= 0 && b < 0x20) {
          throw new MalformedValueException("json text", i - offset);
        }
      } else if (b == '"') {
        inString = true;
      } else if (b == ' ' || b == '\n' || b == '\r' || b == '\t') {
        out.writeBytes(json, keptFrom, i - keptFrom);
        keptFrom = i + 1;
      } else if (b >= 0 && b < 0x20) {
        throw new MalformedValueException("json text", i - offset);
      }
    }
    if (inString || keptFrom > end) {
      throw new MalformedValueException("json text", length);
    }
    out.writeBytes(json, keptFrom, end - keptFrom);
  }
}
