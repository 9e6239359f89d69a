package io.bottledwater.type;

import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueWriter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What is written instead of a column's values. Masks read the output function's text only, so that
 * snapshot and stream give the same, and write strings. A null stays null. Mappings belong to one
 * thread each.
 */
public final class Masks {
  private static final byte[] REDACTED = "redacted".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private Masks() {}

  /** HMAC-SHA-256 (RFC 2104) of the text, as 64 hexadecimal digits. */
  public static ColumnMapping hash(byte[] salt) {
    return new ColumnMapping(ValueType.Simple.STRING, new HashDecoder(salt), null);
  }

  /** The word {@code redacted}; looks at no byte of the value. */
  public static ColumnMapping redact() {
    return new ColumnMapping(ValueType.Simple.STRING, new RedactDecoder(), null);
  }

  /** The first characters (code points) of the text. */
  public static ColumnMapping truncate(int characters) {
    return new ColumnMapping(ValueType.Simple.STRING, new TruncateDecoder(characters), null);
  }

  private static int prefix(byte[] bytes, int offset, int length, int characters) {
    int left = characters;
    for (int i = 0; i < length; i++) {
      // A byte that begins a character, that is, no continuation of UTF-8.
      if ((bytes[offset + i] & 0xC0) != 0x80 && left-- == 0) {
        return i;
      }
    }
    return length;
  }

  private static final class RedactDecoder extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      out.writeString(REDACTED, 0, REDACTED.length);
    }
  }

  private static final class TruncateDecoder extends ValueDecoder {
    private final int characters;

    TruncateDecoder(int characters) {
      this.characters = characters;
    }

    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      out.writeString(bytes, offset, prefix(bytes, offset, length, characters));
    }
  }

  private static final class HashDecoder extends ValueDecoder {
    private final Mac mac;
    private final byte[] digest = new byte[32];
    private final byte[] text = new byte[64];

    HashDecoder(byte[] salt) {
      try {
        mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(salt, "HmacSHA256"));
      } catch (GeneralSecurityException e) {
        // Every Java platform has it (java.security.spec, "Standard Names").
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      mac.update(bytes, offset, length);
      try {
        mac.doFinal(digest, 0);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
      for (int i = 0; i < digest.length; i++) {
        text[2 * i] = HEX[digest[i] >> 4 & 0xF];
        text[2 * i + 1] = HEX[digest[i] & 0xF];
      }
      out.writeString(text, 0, text.length);
    }
  }
}
