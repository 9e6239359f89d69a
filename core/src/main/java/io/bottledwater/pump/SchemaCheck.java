package io.bottledwater.pump;

import io.bottledwater.encode.ChangeEncoder;
import io.bottledwater.encode.EncoderSettings;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ExitCode;
import io.bottledwater.postgres.Relation;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers the schemas of a pump that goes on: what the registry refuses is to be known before the
 * table's next row comes along. With thousands of tables that takes longer than all else that a
 * start has to wait for, so then the pump streams meanwhile. A table may have been altered by the
 * time it is looked at, and its newer schema be registered already: a refusal is then only said,
 * and it is the next row that stops the pump. The threads touch nothing but the registry.
 */
final class SchemaCheck implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SchemaCheck.class);

  // A registry takes its time for each answer; beside the stream, that one comes first.
  private static final int THREADS = 8;
  private static final int THREADS_BESIDE_THE_STREAM = 2;

  /** As many tables are waited for. */
  private static final int MOST_AWAITED = 1000;

  private final Queue<Relation> relations;
  private final boolean awaited;
  private final EncoderSettings encoding;
  private final Thread[] threads;
  private volatile boolean closed;
  private volatile @Nullable RuntimeException failure;

  private SchemaCheck(Collection<Relation> relations, EncoderSettings encoding) {
    this.relations = new ConcurrentLinkedQueue<>(relations);
    this.awaited = relations.size() <= MOST_AWAITED;
    this.encoding = encoding;
    this.threads =
        new Thread[awaited ? Math.min(THREADS, relations.size()) : THREADS_BESIDE_THE_STREAM];
  }

  /**
   * The caller closes it.
   *
   * @throws BottledWaterException what the registry refuses, when the tables are few enough to be
   *     waited for
   */
  static SchemaCheck start(Collection<Relation> relations, EncoderSettings encoding)
      throws InterruptedException {
    SchemaCheck check = new SchemaCheck(relations, encoding);
    for (int i = 0; i < check.threads.length; i++) {
      check.threads[i] = new Thread(check::run, "bw-schema-check-" + i);
      check.threads[i].setDaemon(true);
      check.threads[i].start();
    }
    if (check.awaited) {
      check.await();
    }
    return check;
  }

  private void await() throws InterruptedException {
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      close();
      throw e;
    }
    RuntimeException found = failure;
    if (found != null) {
      throw found;
    }
  }

  private void run() {
    try {
      for (Relation next = relations.poll(); next != null && !closed; next = relations.poll()) {
        ChangeEncoder.registerSchemas(next, encoding);
      }
    } catch (BottledWaterException e) {
      relations.clear();
      if (e.code().exitCode() == ExitCode.GAVE_UP) {
        // The next row that needs a schema will meet it, and be patient.
        log.debug("Not all schemas were looked at.");
      } else {
        failed(e);
      }
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private void failed(RuntimeException e) {
    if (awaited) {
      failure = e;
    } else if (!closed) {
      log.warn("A schema could not be registered ahead of its rows: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      thread.interrupt();
    }
  }
}
