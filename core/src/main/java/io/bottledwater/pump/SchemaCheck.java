package io.bottledwater.pump;

import io.bottledwater.encode.ChangeEncoder;
import io.bottledwater.encode.EncoderSettings;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ExitCode;
import io.bottledwater.postgres.Relation;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers the schemas of a pump that goes on while it streams already: with thousands of tables
 * the registry takes longer for that than all else that a start has to wait for. What it refuses
 * stops the pump then, and not only when the table's next row comes along. It has threads of its
 * own, which touch nothing but the registry.
 */
final class SchemaCheck implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SchemaCheck.class);

  // The stream comes first.
  private static final int THREADS = 2;

  private final Queue<Relation> relations;
  private final EncoderSettings encoding;
  private final Thread[] threads = new Thread[THREADS];
  private volatile boolean closed;
  private volatile @Nullable RuntimeException failure;

  private SchemaCheck(Iterable<Relation> relations, EncoderSettings encoding) {
    this.relations = new ConcurrentLinkedQueue<>();
    relations.forEach(this.relations::add);
    this.encoding = encoding;
  }

  /** The caller asks for failures, and closes it. */
  static SchemaCheck start(Iterable<Relation> relations, EncoderSettings encoding) {
    SchemaCheck check = new SchemaCheck(relations, encoding);
    for (int i = 0; i < THREADS; i++) {
      check.threads[i] = new Thread(check::run, "bw-schema-check-" + i);
      check.threads[i].setDaemon(true);
      check.threads[i].start();
    }
    return check;
  }

  boolean hasFailed() {
    return failure != null;
  }

  void throwFailure() {
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
      } else if (!closed) {
        failure = e;
      }
    } catch (RuntimeException e) {
      if (!closed) {
        failure = e;
      }
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
