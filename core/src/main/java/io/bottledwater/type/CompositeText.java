package io.bottledwater.type;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.SpecialValueException;
import io.bottledwater.value.ValueWriter;

/**
 * Text of a composite value: {@code (1,,"a ""b"" \\ c")}. Nothing between commas is null. A field
 * in double quotes has each quote and backslash twice; one without has none of these, nor
 * parentheses. Source: PostgreSQL manual, "Composite Type Input and Output Syntax", and {@code
 * record_out}. One thread only.
 */
final class CompositeText extends ValueDecoder {
  private static final String FORM = "composite text";

  private final ValueDecoder[] fields;
  private final ByteWriter scratch = new ByteWriter(64);

  CompositeText(ValueDecoder[] fields) {
    this.fields = fields;
  }

  @Override
  public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
    int close = offset + length - 1;
    if (length < 2 || bytes[offset] != '(' || bytes[close] != ')') {
      throw new MalformedValueException(FORM, 0);
    }
    if (fields.length == 0 && length > 2) {
      throw new SpecialValueException(CompositeMapping.OTHER_SHAPE);
    }
    if (fields.length > 0 && count(bytes, offset, close) != fields.length) {
      throw new SpecialValueException(CompositeMapping.OTHER_SHAPE);
    }
    out.beginStruct();
    int from = offset + 1;
    for (int n = 0; n < fields.length; n++) {
      out.field(n);
      int end = fieldEnd(bytes, from, close, offset);
      if (end == from) {
        out.writeNull();
      } else {
        decodeField(fields[n], bytes, from, end, out);
      }
      from = end + 1;
    }
    out.endStruct();
  }

  private static int count(byte[] bytes, int offset, int close) {
    int count = 0;
    int i = offset;
    while (i < close) {
      i = fieldEnd(bytes, i + 1, close, offset);
      count++;
    }
    return count;
  }

  /** Index of the comma or closing parenthesis after the field that begins at {@code from}. */
  private static int fieldEnd(byte[] bytes, int from, int close, int offset) {
    int i = from;
    if (i < close && bytes[i] == '"') {
      i++;
      while (i < close && (bytes[i] != '"' || bytes[i + 1] == '"')) {
        i += bytes[i] == '"' || bytes[i] == '\\' ? 2 : 1;
      }
      i++;
      if (i > close || (i < close && bytes[i] != ',')) {
        throw new MalformedValueException(FORM, i - offset);
      }
      return i;
    }
    while (i < close && bytes[i] != ',') {
      byte b = bytes[i];
      if (b == '"' || b == '\\' || b == '(' || b == ')') {
        throw new MalformedValueException(FORM, i - offset);
      }
      i++;
    }
    return i;
  }

  private void decodeField(ValueDecoder field, byte[] bytes, int from, int end, ValueWriter out) {
    if (bytes[from] != '"') {
      field.decode(bytes, from, end - from, out);
      return;
    }
    int start = from + 1;
    int last = end - 1;
    int doubled = start;
    while (doubled < last && bytes[doubled] != '"' && bytes[doubled] != '\\') {
      doubled++;
    }
    if (doubled == last) {
      field.decode(bytes, start, last - start, out);
      return;
    }
    scratch.reset();
    int copied = start;
    for (int i = doubled; i < last; i++) {
      if (bytes[i] == '"' || bytes[i] == '\\') {
        scratch.writeBytes(bytes, copied, i - copied);
        copied = ++i;
      }
    }
    scratch.writeBytes(bytes, copied, last - copied);
    field.decode(scratch.array(), 0, scratch.position(), out);
  }
}
