package io.bottledwater.pump;

import io.bottledwater.sink.Sink;

/** Opens the sink, once for every attempt to run. */
public interface SinkFactory {
  Sink open();
}
