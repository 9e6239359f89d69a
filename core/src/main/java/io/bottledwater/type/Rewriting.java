package io.bottledwater.type;

import io.bottledwater.value.ForwardingWriter;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueWriter;
import org.jspecify.annotations.Nullable;

/** Makes a mapping out of another one, whose values a writer turns into something else. */
public final class Rewriting {
  private Rewriting() {}

  /**
   * @param rewriter turns what {@code mapping} writes into values of {@code type}; the new
   *     mapping's own
   */
  public static ColumnMapping of(ColumnMapping mapping, ValueType type, ForwardingWriter rewriter) {
    return of(mapping, type, rewriter, mapping.special());
  }

  /** The same for a rewriter that refuses values which {@code mapping} takes. */
  public static ColumnMapping of(
      ColumnMapping mapping,
      ValueType type,
      ForwardingWriter rewriter,
      ColumnMapping.Special special) {
    ValueDecoder binary = mapping.binary();
    return new ColumnMapping(
        type,
        new Through(mapping.text(), rewriter),
        binary == null ? null : new Through(binary, rewriter),
        special);
  }

  /** The output function's text as it is, for types that nothing more is known of. */
  public static ColumnMapping text(boolean sendsText) {
    ValueDecoder copy = new TextMapping.Copy();
    @Nullable ValueDecoder binary = sendsText ? copy : null;
    return new ColumnMapping(ValueType.Simple.STRING, copy, binary);
  }

  private static final class Through extends ValueDecoder {
    private final ValueDecoder decoder;
    private final ForwardingWriter rewriter;

    Through(ValueDecoder decoder, ForwardingWriter rewriter) {
      this.decoder = decoder;
      this.rewriter = rewriter;
    }

    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      rewriter.to(out);
      decoder.decode(bytes, offset, length, rewriter);
    }
  }
}
