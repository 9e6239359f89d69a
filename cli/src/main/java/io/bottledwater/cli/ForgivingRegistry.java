package io.bottledwater.cli;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.schema.SchemaOutlook;
import io.bottledwater.schema.SubjectVersion;
import io.bottledwater.schema.SubjectVersions;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For {@code explain}: a registry that is out of reach costs what it would say, not the
 * explanation. It is then not asked again. One thread only.
 */
final class ForgivingRegistry implements SubjectVersions, SchemaOutlook.Source {
  private static final Logger log = LoggerFactory.getLogger(ForgivingRegistry.class);

  private final SubjectVersions versions;
  private final SchemaOutlook.Source outlook;
  private boolean unreachable;

  ForgivingRegistry(SubjectVersions versions, SchemaOutlook.Source outlook) {
    this.versions = versions;
    this.outlook = outlook;
  }

  @Override
  public Optional<SubjectVersion> newest(String subject) {
    return ask(() -> versions.newest(subject), Optional.empty());
  }

  @Override
  public List<SubjectVersion> versionsAfter(String subject, int after) {
    return ask(() -> versions.versionsAfter(subject, after), List.of());
  }

  @Override
  public SchemaOutlook outlook(String subject, String type, String schema) {
    return ask(() -> outlook.outlook(subject, type, schema), SchemaOutlook.UNKNOWN);
  }

  private <T> T ask(Supplier<T> question, T otherwise) {
    if (!unreachable) {
      try {
        return question.get();
      } catch (BottledWaterException e) {
        if (e.code() != ErrorCode.REGISTRY_UNREACHABLE) {
          throw e;
        }
        unreachable = true;
        log.warn(
            "{} Schemas are shown as for new topics, without what the registry would say.",
            e.getMessage());
      }
    }
    return otherwise;
  }
}
