package io.bottledwater.registry.client;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.schema.IncompatibleSchemaException;
import io.bottledwater.schema.SchemaDifference;
import io.bottledwater.schema.SchemaRegistry;
import io.bottledwater.schema.SubjectVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A registry whose refusals say what changed, and that can be made to take a schema all the same:
 * it gives the subject the level {@code NONE}, registers, and puts back what was there. Thread
 * safe; one schema is forced at a time.
 *
 * <p>A level that could not be put back is, as long as this object lives, before anything else is
 * registered. When the process dies in between, the subject stays at {@code NONE}; the log has said
 * before what it was.
 */
public final class IncompatibilityPolicy implements SchemaRegistry {
  private static final Logger log = LoggerFactory.getLogger(IncompatibilityPolicy.class);

  private static final String ADVICE =
      "Nothing is lost while the pump stands still. Let the subject take the schema (PUT"
          + " /config/SUBJECT with compatibility NONE, then start again), or start with"
          + " --on-incompatible-schema=force, which does so for this schema alone, or with"
          + " --on-incompatible-schema=new-topic.";

  private final HttpSchemaRegistry registry;
  private final boolean force;

  /** Subjects at NONE, and the levels of their own that they had. */
  private final Map<String, Optional<String>> lowered = new HashMap<>();

  /**
   * @param force whether to register a schema that the subject's level refuses
   */
  public IncompatibilityPolicy(HttpSchemaRegistry registry, boolean force) {
    this.registry = registry;
    this.force = force;
  }

  @Override
  public int register(String subject, String type, String schema) {
    if (force) {
      restore();
    }
    try {
      return registry.register(subject, type, schema);
    } catch (IncompatibleSchemaException refused) {
      if (!force) {
        throw new IncompatibleSchemaException(
            difference(subject, type, schema) + " " + refused.found(), ADVICE, refused);
      }
      return force(subject, type, schema);
    }
  }

  private String difference(String subject, String type, String schema) {
    SubjectVersion newest = registry.newest(subject).orElse(null);
    String name = RegistryAnswers.clean(subject);
    return newest == null
        ? "Subject " + name + " has no version."
        : "Changes since version "
            + newest.version()
            + " of subject "
            + name
            + ": "
            + SchemaDifference.between(newest, type, schema)
            + ".";
  }

  private synchronized int force(String subject, String type, String schema) {
    try {
      // Another thread may have forced it meanwhile.
      return registry.register(subject, type, schema);
    } catch (IncompatibleSchemaException refused) {
      lower(subject, difference(subject, type, schema));
      int id;
      try {
        id = registry.register(subject, type, schema);
      } catch (BottledWaterException e) {
        restoreAfter(e);
        throw e;
      }
      restore();
      return id;
    }
  }

  private synchronized void lower(String subject, String difference) {
    try {
      Optional<String> level = registry.levels().own(subject);
      log.warn(
          "{} The registry refuses this; it is forced: the subject's compatibility is NONE for a"
              + " moment, then {} again.",
          difference,
          level.orElse("that of the registry"));
      lowered.put(subject, level);
      registry.levels().set(subject, SubjectLevels.NONE);
    } catch (BottledWaterException e) {
      if (e.code() != ErrorCode.SCHEMA_REFUSED) {
        // It may have been changed, with the answer lost.
        restoreAfter(e);
        throw e;
      }
      lowered.remove(subject);
      throw new BottledWaterException(
          ErrorCode.SCHEMA_REFUSED,
          difference + " It cannot be forced. " + e.found(),
          "Give the pump's user the right to change the level, or change it yourself: PUT"
              + " /config/SUBJECT with compatibility NONE.",
          e);
    }
  }

  // Why the schema was not registered is what counts.
  private synchronized void restoreAfter(BottledWaterException failure) {
    try {
      restore();
    } catch (BottledWaterException e) {
      failure.addSuppressed(e);
    }
  }

  private synchronized void restore() {
    for (Map.Entry<String, Optional<String>> entry : Map.copyOf(lowered).entrySet()) {
      String subject = entry.getKey();
      Optional<String> level = entry.getValue();
      try {
        if (level.isPresent()) {
          registry.levels().set(subject, level.get());
        } else {
          registry.levels().remove(subject);
        }
      } catch (BottledWaterException e) {
        log.warn(
            "The compatibility of subject {} stays NONE for now: it was {}.",
            RegistryAnswers.clean(subject),
            level.orElse("that of the registry, which DELETE /config/SUBJECT brings back"));
        throw e;
      }
      lowered.remove(subject);
    }
  }

  @Override
  public Optional<SubjectVersion> newest(String subject) {
    return registry.newest(subject);
  }

  @Override
  public List<SubjectVersion> versionsAfter(String subject, int after) {
    return registry.versionsAfter(subject, after);
  }

  /** The registry belongs to whoever made it. */
  @Override
  public void close() {}
}
