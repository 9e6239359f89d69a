package io.bottledwater.registry.server;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * Collects a request's body as it arrives, without holding a thread meanwhile. A body over the
 * limit is read on and thrown away up to a second limit: a client that is still sending when its
 * connection is closed does not see the answer.
 */
final class BodyReader implements Invocable.Task {
  private final Content.Source source;
  private final int limit;
  private final int discardLimit;
  private final Consumer<Body> whenRead;
  private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
  private long seen;

  /**
   * What came of the reading.
   *
   * @param bytes null when the body was over the limit
   * @param failure null unless the client went away
   */
  record Body(byte @Nullable [] bytes, @Nullable Throwable failure) {}

  BodyReader(Content.Source source, int limit, int discardLimit, Consumer<Body> whenRead) {
    this.source = source;
    this.limit = limit;
    this.discardLimit = discardLimit;
    this.whenRead = whenRead;
  }

  @Override
  public void run() {
    while (true) {
      Content.Chunk chunk = source.read();
      if (chunk == null) {
        source.demand(this);
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        whenRead.accept(new Body(null, chunk.getFailure()));
        return;
      }
      boolean last = chunk.isLast();
      collect(chunk);
      chunk.release();
      if (last || seen > discardLimit) {
        whenRead.accept(new Body(seen > limit ? null : collected.toByteArray(), null));
        return;
      }
    }
  }

  private void collect(Content.Chunk chunk) {
    seen += chunk.remaining();
    if (seen <= limit) {
      byte[] bytes = new byte[chunk.remaining()];
      chunk.get(bytes, 0, bytes.length);
      collected.writeBytes(bytes);
    }
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }
}
