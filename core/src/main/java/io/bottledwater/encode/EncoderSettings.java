package io.bottledwater.encode;

import io.bottledwater.record.TopicNames;
import io.bottledwater.type.TypeMappings;
import java.util.List;

/**
 * What every encoder of a pump shares.
 *
 * @param namespace {@code [prefix.]database}; the schema's name is added for each table
 * @param allowUnkeyed whether tables without a key become records
 */
public record EncoderSettings(
    TypeMappings types,
    OutputFormat format,
    TopicNames topics,
    List<String> namespace,
    boolean allowUnkeyed) {

  public EncoderSettings {
    namespace = List.copyOf(namespace);
  }
}
