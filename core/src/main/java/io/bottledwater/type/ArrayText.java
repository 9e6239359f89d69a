package io.bottledwater.type;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.SpecialValueException;
import io.bottledwater.value.ValueWriter;

/**
 * Text of an array: <code>{1,NULL,"a \"b\" \\ c"}</code>. An element in double quotes has a
 * backslash before each quote and backslash; one without has none of these, nor braces. Source:
 * PostgreSQL manual, "Array Input and Output Syntax", and {@code array_out}. One thread only.
 */
final class ArrayText extends ValueDecoder {
  private static final String FORM = "array text";

  private final ValueDecoder element;
  private final byte delimiter;
  private final ByteWriter scratch = new ByteWriter(64);

  ArrayText(ValueDecoder element, char delimiter) {
    this.element = element;
    this.delimiter = (byte) delimiter;
  }

  @Override
  public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
    int close = offset + length - 1;
    if (length < 2 || bytes[close] != '}' || (bytes[offset] != '{' && bytes[offset] != '[')) {
      throw new MalformedValueException(FORM, 0);
    }
    if (bytes[offset] == '[') {
      throw new SpecialValueException(ArrayMapping.SUBSCRIPTS);
    }
    int first = offset + 1;
    if (bytes[first] == '{') {
      throw new SpecialValueException(ArrayMapping.DIMENSIONS);
    }
    out.beginList(count(bytes, offset, close));
    int i = first;
    while (i < close) {
      int end = elementEnd(bytes, i, close, offset);
      decodeElement(bytes, i, end, out);
      i = end + 1;
    }
    out.endList();
  }

  private int count(byte[] bytes, int offset, int close) {
    int count = 0;
    int i = offset + 1;
    while (i < close) {
      i = elementEnd(bytes, i, close, offset) + 1;
      count++;
    }
    // After the last element stands the closing brace, which the loop has passed over.
    if (count > 0 && i != close + 1) {
      throw new MalformedValueException(FORM, i - offset);
    }
    return count;
  }

  /** Index of the delimiter or closing brace after the element that begins at {@code from}. */
  private int elementEnd(byte[] bytes, int from, int close, int offset) {
    int i = from;
    if (bytes[i] == '"') {
      i++;
      while (i < close && bytes[i] != '"') {
        i += bytes[i] == '\\' ? 2 : 1;
      }
      i++;
      if (i > close || (i < close && bytes[i] != delimiter)) {
        throw new MalformedValueException(FORM, i - offset);
      }
      return i;
    }
    while (i < close && bytes[i] != delimiter) {
      byte b = bytes[i];
      if (b == '"' || b == '\\' || b == '{' || b == '}') {
        throw new MalformedValueException(FORM, i - offset);
      }
      i++;
    }
    if (i == from) {
      throw new MalformedValueException(FORM, i - offset);
    }
    return i;
  }

  private void decodeElement(byte[] bytes, int from, int end, ValueWriter out) {
    if (bytes[from] != '"') {
      if (isNull(bytes, from, end)) {
        out.writeNull();
      } else {
        element.decode(bytes, from, end - from, out);
      }
      return;
    }
    int start = from + 1;
    int last = end - 1;
    int escape = start;
    while (escape < last && bytes[escape] != '\\') {
      escape++;
    }
    if (escape == last) {
      element.decode(bytes, start, last - start, out);
      return;
    }
    scratch.reset();
    int copied = start;
    for (int i = escape; i < last; i++) {
      if (bytes[i] == '\\') {
        scratch.writeBytes(bytes, copied, i - copied);
        copied = ++i;
      }
    }
    scratch.writeBytes(bytes, copied, last - copied);
    element.decode(scratch.array(), 0, scratch.position(), out);
  }

  private static boolean isNull(byte[] bytes, int from, int end) {
    return end - from == 4
        && bytes[from] == 'N'
        && bytes[from + 1] == 'U'
        && bytes[from + 2] == 'L'
        && bytes[from + 3] == 'L';
  }
}
