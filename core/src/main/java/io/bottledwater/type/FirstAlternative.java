package io.bottledwater.type;

import io.bottledwater.value.ForwardingWriter;
import io.bottledwater.value.ValueWriter;

/**
 * Says {@code alternative(0)} before the first thing that is written, and passes everything on: a
 * decoder that refuses its value has written nothing, so that another alternative is still open.
 * One thread only.
 */
final class FirstAlternative extends ForwardingWriter {
  private boolean chosen;

  /** Before each value. */
  void begin(ValueWriter target) {
    to(target);
    chosen = false;
  }

  @Override
  protected ValueWriter out() {
    if (!chosen) {
      chosen = true;
      super.out().alternative(0);
    }
    return super.out();
  }
}
