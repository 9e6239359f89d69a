package io.bottledwater.value;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.bottledwater.bytes.ByteWriter;

/**
 * Strings as PostgreSQL's {@code escape_json} writes them: quotes, backslashes and control
 * characters escaped, everything else as it is. Stateless. Source: RFC 8259, section 7.
 */
public final class JsonString {
  private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);

  private JsonString() {}

  public static void write(ByteWriter out, byte[] utf8, int offset, int length) {
    out.writeByte('"');
    int end = offset + length;
    int plainFrom = offset;
    for (int i = offset; i < end; i++) {
      byte b = utf8[i];
      // Bytes of longer UTF-8 sequences are negative.
      if ((b >= 0 && b < 0x20) || b == '"' || b == '\\') {
        out.writeBytes(utf8, plainFrom, i - plainFrom);
        escape(out, b);
        plainFrom = i + 1;
      }
    }
    out.writeBytes(utf8, plainFrom, end - plainFrom);
    out.writeByte('"');
  }

  private static void escape(ByteWriter out, byte b) {
    out.writeByte('\\');
    switch (b) {
      case '"', '\\' -> out.writeByte(b);
      case '\b' -> out.writeByte('b');
      case '\f' -> out.writeByte('f');
      case '\n' -> out.writeByte('n');
      case '\r' -> out.writeByte('r');
      case '\t' -> out.writeByte('t');
      default -> {
        out.writeByte('u');
        out.writeByte('0');
        out.writeByte('0');
        out.writeByte(HEX[b >> 4]);
        out.writeByte(HEX[b & 0xF]);
      }
    }
  }

  /** A string of hexadecimal digits, after PostgreSQL's {@code \x}. */
  public static void writeHex(ByteWriter out, byte[] bytes, int offset, int length) {
    out.writeByte('"');
    out.writeByte('\\');
    out.writeByte('\\');
    out.writeByte('x');
    // In portions, as twice the length may not fit an int.
    for (int done = 0; done < length; ) {
      int portion = Math.min(length - done, 1 << 20);
      int at = out.skip(portion * 2);
      byte[] target = out.array();
      for (int i = 0; i < portion; i++) {
        byte b = bytes[offset + done + i];
        target[at + 2 * i] = HEX[b >> 4 & 0xF];
        target[at + 2 * i + 1] = HEX[b & 0xF];
      }
      done += portion;
    }
    out.writeByte('"');
  }
}
