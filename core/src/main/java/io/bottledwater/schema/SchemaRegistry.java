package io.bottledwater.schema;

import java.util.List;
import java.util.Optional;

/** The port to a schema registry. Implementations retry, cache and are thread safe. */
public interface SchemaRegistry extends AutoCloseable {
  /**
   * Registers a schema under a subject, or finds it there.
   *
   * @param subject {@code <topic>-key} or {@code <topic>-value}
   * @param type {@code AVRO}, {@code JSON} or {@code PROTOBUF}
   * @param schema the schema's text
   * @return the registry's id
   * @throws io.bottledwater.error.BottledWaterException {@code BW-SCHEMA-REFUSED} when the registry
   *     will not take it, {@code BW-REGISTRY-UNREACHABLE} after the retries
   */
  int register(String subject, String type, String schema);

  /**
   * The newest version of a subject, asked for anew each time.
   *
   * @throws io.bottledwater.error.BottledWaterException as {@link #register}
   */
  Optional<SubjectVersion> newest(String subject);

  /**
   * The versions of a subject whose numbers are above {@code after}, in their order, asked for anew
   * each time.
   *
   * @throws io.bottledwater.error.BottledWaterException as {@link #register}
   */
  List<SubjectVersion> versionsAfter(String subject, int after);

  @Override
  void close();
}
