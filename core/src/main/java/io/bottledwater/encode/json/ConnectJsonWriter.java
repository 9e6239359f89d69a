package io.bottledwater.encode.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.value.RowShape;

/** Writes bytes in base 64, padded (RFC 4648, section 4). One thread only. */
final class ConnectJsonWriter extends JsonRowWriter {
  private static final byte[] ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(US_ASCII);

  ConnectJsonWriter(RowShape shape) {
    super(shape);
  }

  @Override
  public void writeBytes(byte[] bytes, int offset, int length) {
    ByteWriter out = element();
    out.writeByte('"');
    int end = offset + length;
    for (int i = offset; i < end; i += 3) {
      int rest = end - i;
      int group =
          (bytes[i] & 0xFF) << 16
              | (rest > 1 ? (bytes[i + 1] & 0xFF) << 8 : 0)
              | (rest > 2 ? bytes[i + 2] & 0xFF : 0);
      int at = out.skip(4);
      byte[] target = out.array();
      target[at] = ALPHABET[group >> 18];
      target[at + 1] = ALPHABET[group >> 12 & 0x3F];
      target[at + 2] = rest > 1 ? ALPHABET[group >> 6 & 0x3F] : (byte) '=';
      target[at + 3] = rest > 2 ? ALPHABET[group & 0x3F] : (byte) '=';
    }
    out.writeByte('"');
  }
}
