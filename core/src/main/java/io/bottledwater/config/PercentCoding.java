package io.bottledwater.config;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Percent-encoding of URIs (RFC 3986, section 2.1), UTF-8. */
final class PercentCoding {
  private PercentCoding() {}

  /**
   * Decodes {@code %XX}. A percent sign that no two hexadecimal digits follow stands for itself, so
   * that a password pasted without encoding still works.
   *
   * @param what the part of the URI, for the message; the text itself is never shown
   */
  static String decode(String text, String what) throws OptionValueException {
    if (text.indexOf('%') < 0) {
      return text;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < utf8.length; i++) {
      int high = i + 2 < utf8.length ? Character.digit(utf8[i + 1], 16) : -1;
      int low = i + 2 < utf8.length ? Character.digit(utf8[i + 2], 16) : -1;
      if (utf8[i] == '%' && high >= 0 && low >= 0) {
        bytes.write(high << 4 | low);
        i += 2;
      } else {
        bytes.write(utf8[i]);
      }
    }
    try {
      String decoded =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes.toByteArray()))
              .toString();
      if (decoded.indexOf('\0') >= 0) {
        throw new OptionValueException("the " + what + " holds %00", "Remove the zero byte.");
      }
      return decoded;
    } catch (CharacterCodingException e) {
      throw new OptionValueException(
          "the " + what + " is not UTF-8 after percent-decoding", "Encode it as UTF-8, then %XX.");
    }
  }
}
