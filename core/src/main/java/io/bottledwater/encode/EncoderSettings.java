package io.bottledwater.encode;

import io.bottledwater.type.TypeMapping;
import java.util.List;

/**
 * What every encoder of a pump shares.
 *
 * @param namespace {@code [prefix.]database}; the schema's name is added for each table
 * @param controlTopic {@code [prefix.]bottledwater.control}
 */
public record EncoderSettings(
    TypeMapping types,
    OutputFormat format,
    TopicNaming topics,
    List<String> namespace,
    String controlTopic) {

  public EncoderSettings {
    namespace = List.copyOf(namespace);
  }
}
