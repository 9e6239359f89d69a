package io.bottledwater.type;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.postgres.PgType;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueWriter;
import org.jspecify.annotations.Nullable;

/**
 * The extension type {@code hstore}: a map of strings.
 *
 * <p>Text is <code>"key"=&gt;"value", "other"=&gt;NULL</code>, keys and values in double quotes
 * with a backslash before each quote and backslash. Its binary form is not read: {@code
 * hstore_send} gives lengths in the server's encoding and bytes in the client's. Source: PostgreSQL
 * manual, "hstore", and {@code hstore_io.c}.
 */
final class HstoreMapping implements TypeMapping {
  @Override
  public @Nullable ColumnMapping map(PgType type, int typmod, MappingScope scope) {
    return type.isOf("hstore", "hstore")
        ? new ColumnMapping(new ValueType.MapOf(ValueType.Simple.STRING), new TextDecoder(), null)
        : null;
  }

  private static final class TextDecoder extends ValueDecoder {
    private static final String FORM = "hstore text";

    private final ByteWriter scratch = new ByteWriter(64);

    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      int end = offset + length;
      out.beginMap(count(bytes, offset, end));
      int i = offset;
      while (i < end) {
        int keyEnd = quotedEnd(bytes, i, end, offset);
        if (isPlain(bytes, i + 1, keyEnd)) {
          out.key(bytes, i + 1, keyEnd - i - 1);
        } else {
          unescape(bytes, i + 1, keyEnd);
          out.key(scratch.array(), 0, scratch.position());
        }
        // The quote, then =>.
        i = keyEnd + 3;
        if (bytes[i] == 'N') {
          out.writeNull();
          i += 4;
        } else {
          int valueEnd = quotedEnd(bytes, i, end, offset);
          if (isPlain(bytes, i + 1, valueEnd)) {
            out.writeString(bytes, i + 1, valueEnd - i - 1);
          } else {
            unescape(bytes, i + 1, valueEnd);
            out.writeString(scratch.array(), 0, scratch.position());
          }
          i = valueEnd + 1;
        }
        // Comma and space, but for the last.
        i += 2;
      }
      out.endMap();
    }

    /** Checks the form as well, so that the second pass need not. */
    private static int count(byte[] bytes, int offset, int end) {
      int count = 0;
      int i = offset;
      while (i < end) {
        if (count > 0) {
          i = expect(bytes, i, end, offset, ',');
          i = expect(bytes, i, end, offset, ' ');
        }
        i = quotedEnd(bytes, i, end, offset) + 1;
        i = expect(bytes, i, end, offset, '=');
        i = expect(bytes, i, end, offset, '>');
        if (i < end && bytes[i] == 'N') {
          i = expect(bytes, i + 1, end, offset, 'U');
          i = expect(bytes, i, end, offset, 'L');
          i = expect(bytes, i, end, offset, 'L');
        } else {
          i = quotedEnd(bytes, i, end, offset) + 1;
        }
        count++;
      }
      return count;
    }

    private static int expect(byte[] bytes, int at, int end, int offset, char wanted) {
      if (at >= end || bytes[at] != wanted) {
        throw new MalformedValueException(FORM, at - offset);
      }
      return at + 1;
    }

    /** Index of the closing quote of the string whose opening quote stands at {@code from}. */
    private static int quotedEnd(byte[] bytes, int from, int end, int offset) {
      int i = expect(bytes, from, end, offset, '"');
      while (i < end && bytes[i] != '"') {
        i += bytes[i] == '\\' ? 2 : 1;
      }
      if (i >= end) {
        throw new MalformedValueException(FORM, end - offset);
      }
      return i;
    }

    private static boolean isPlain(byte[] bytes, int from, int end) {
      for (int i = from; i < end; i++) {
        if (bytes[i] == '\\') {
          return false;
        }
      }
      return true;
    }

    private void unescape(byte[] bytes, int from, int end) {
      scratch.reset();
      int copied = from;
      for (int i = from; i < end; i++) {
        if (bytes[i] == '\\') {
          scratch.writeBytes(bytes, copied, i - copied);
          copied = ++i;
        }
      }
      scratch.writeBytes(bytes, copied, end - copied);
    }
  }
}
